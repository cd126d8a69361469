using System.Runtime.CompilerServices;
using System.Text;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Processes;

/// <summary>The sample, as its users run it.</summary>
public sealed class ShellTests : LeakCheckedTest
{
    private readonly MitogenRoot _root = MitogenRoot.Create();

    public override async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Streams_and_the_status_are_passed_on()
    {
        ProcessResult result = await _root.Get<IProcesses>().RunAsync(
            Command("local://", "sh", "-c", "cat; echo \"$1\" >&2; exit 7", "sh", "a  b") with { Input = "text"u8.ToArray() }, null, Cancellation);

        Assert.Equal((7, "text", "a  b\n"), (result.Exit.Code, result.Output, result.Error));
        Assert.Equal(2, (await _root.Get<IProcesses>().RunAsync(Command(), null, Cancellation)).Exit.Code);
        ProcessResult missing = await _root.Get<IProcesses>().RunAsync(Command("local://", "no-such-program"), null, Cancellation);
        Assert.Equal(255, missing.Exit.Code);
        Assert.Contains("'no-such-program'", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_has_the_size_of_this_one_and_all_keys()
    {
        await using RemoteProcess shell = await _root.Get<IProcesses>().StartAsync(
            Command("local+local", "sh", "-c", "trap 'stty size' WINCH; trap 'exit 9' INT; stty size; while :; do sleep 0.05; done") with
            {
                Terminal = new TerminalOptions(100, 30),
            },
            Cancellation);
        StringBuilder seen = new();
        await SeeAsync("30 100\r\n");

        await shell.ResizeAsync(120, 40, Cancellation);
        await SeeAsync("40 120\r\n");
        await shell.Input.WriteAsync("\u0003"u8.ToArray(), Cancellation);

        Assert.Equal(9, (await shell.WaitAsync(Cancellation).InTimeAsync()).Status);

        async Task SeeAsync(string text)
        {
            byte[] buffer = new byte[1024];
            while (!seen.ToString().Contains(text, StringComparison.Ordinal))
            {
                int count = await shell.Output.ReadAsync(buffer, Cancellation);
                Assert.True(count > 0, $"It ended after: {seen}");
                _ = seen.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
    }

    private static ProcessCommand Command(params string[] arguments)
    {
        string output = Path.GetRelativePath(Path.Combine(Folder(), "../bin"), AppContext.BaseDirectory);
        return new ProcessCommand("dotnet", [Path.GetFullPath(Path.Combine(Folder(), "../../../samples/Shell/bin", output, "Shell.dll")), .. arguments]);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
