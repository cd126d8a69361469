using System.Diagnostics;
using System.Text;

namespace Mitogen.Package.Tests.Feed;

/// <summary>Runs programs as a user does, without the variables and the servers of the build that runs these tests.</summary>
internal static class Command
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <param name="folder">Where it runs.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<CommandOutcome> RunAsync(string folder, string file, params IEnumerable<string> arguments) => RunAsync(folder, [], file, arguments);

    /// <param name="folder">Where it runs.</param>
    /// <param name="variables">What its environment has besides.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<CommandOutcome> RunAsync(string folder, Dictionary<string, string> variables, string file, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = Start(folder, variables, file, arguments);
        StringBuilder output = new();
        using Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        string command = $"{file} {string.Join(' ', start.ArgumentList)}";
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{command}\ndid not end; it printed:\n{Text()}");
        }

        return new CommandOutcome(command, process.ExitCode, Text());

        void Add(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }

        string Text()
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>How such a program is started: with its input and outputs as pipes.</summary>
    public static ProcessStartInfo Start(string folder, Dictionary<string, string> variables, string file, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsOfBuild).ToArray())
        {
            start.Environment.Remove(name);
        }

        // Servers that outlive the command would be left behind, but for one that ends with the tests.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "true"; // not so by itself where nodes are not used again
        start.Environment["SharedCompilationId"] = CompilerServer.Id;
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static bool IsOfBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("DOTNET_HOST", StringComparison.Ordinal)
        || name is "CI" or "NUGET_PACKAGES";
}
