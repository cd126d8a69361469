using Mitogen.Processes;
using Mitogen.Runtime.Tests.Processes;

namespace Mitogen.Runtime.Tests.Starting;

/// <summary>A program under a limit that starts contexts until one does not come up, and then calls all others.</summary>
internal static class Crowd
{
    /// <param name="options">The program, with <c>crowd</c> as its argument.</param>
    /// <returns>What it printed: why the last context did not come up, and what became of each call.</returns>
    public static async Task<(string Failure, string[] Calls)> RunAsync(ChildProcessOptions options)
    {
        var program = ChildProcess.Start(options);
        try
        {
            string output = await Task.Run(() => Children.ReadToEnd(program.Transport), TestContext.Current.CancellationToken);
            ChildExit exit = await program.Exited.InTimeAsync();
            await program.StderrDrained.InTimeAsync();

            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(exit.Code == 0, string.Join('\n', program.LastStderrLines));
            Assert.Equal("ready", lines[^1]);
            return (lines[0], lines[1..^1]);
        }
        finally
        {
            await program.EndAsync(TimeSpan.Zero);
        }
    }
}
