using System.Text;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Processes;

/// <summary>Programs that are talked to while they run.</summary>
public sealed class RemoteProcessTests : LeakCheckedTest
{
    private readonly MitogenRoot _root = MitogenRoot.Create();

    private IProcesses Processes => _root.Get<IProcesses>();

    public override async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Streams_carry_what_is_typed_and_printed()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        await using RemoteProcess process = await child.Get<IProcesses>().StartAsync(
            ProcessCommand.Shell("read a; read b; echo \"$a-$b\"; echo no >&2; cat") with { Input = "first\n"u8.ToArray() }, Cancellation);

        await process.Input.WriteAsync("second\nrest"u8.ToArray(), Cancellation);
        await process.Input.DisposeAsync();

        Assert.Equal("first-second\nrest", await ReadAsync(process.Output));
        Assert.Equal("no\n", await ReadAsync(process.Error));
        Assert.True((await process.WaitAsync(Cancellation)).IsSuccess);
        Assert.False(await process.SignalAsync(ProcessSignal.Terminate, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Much_input_of_the_command_does_not_hold_up_the_start()
    {
        byte[] much = new byte[1_000_000];
        await using RemoteProcess process = await Processes.StartAsync(new ProcessCommand("cat") { Input = much }, Cancellation).InTimeAsync();
        Task closing = Task.Run(
            async () =>
            {
                await process.Input.WriteAsync("end"u8.ToArray(), Cancellation);
                await process.Input.DisposeAsync();
            },
            Cancellation);

        Assert.Equal(1_000_003, (await ReadAsync(process.Output)).Length);
        await closing;
    }

    [Fact]
    public async Task Lines_come_in_the_order_of_arrival()
    {
        await using RemoteProcess process = await Processes.StartAsync(
            ProcessCommand.Shell("for i in 1 2 3; do echo out$i; read x; echo err$i >&2; read x; done; printf end"), Cancellation);
        List<string> lines = [];

        await foreach (OutputLine line in process.Lines(Cancellation))
        {
            lines.Add($"{line.Kind}:{line.Text}");
            if (!line.Text.EndsWith("end", StringComparison.Ordinal))
            {
                await process.Input.WriteAsync("\n"u8.ToArray(), Cancellation);
            }
        }

        Assert.Equal(["Output:out1", "Error:err1", "Output:out2", "Error:err2", "Output:out3", "Error:err3", "Output:end"], lines);
        InvalidOperationException twice = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await process.Lines(Cancellation).GetAsyncEnumerator(Cancellation).MoveNextAsync());
        Assert.Contains("read once", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_line_comes_in_pieces()
    {
        await using RemoteProcess process = await Processes.StartAsync(new ProcessCommand("printf", "abcdef😀g\r\nh\n") { MaxLine = 3 }, Cancellation);
        List<OutputLine> lines = [];
        await foreach (OutputLine line in process.Lines(Cancellation))
        {
            lines.Add(line);
        }

        Assert.Equal("abc+ def+ 😀g+ . h.", string.Join(' ', lines.Select(line => line.Text.TrimEnd('\r') + (line.IsPart ? "+" : "."))));
    }

    [Fact]
    public async Task Output_that_nobody_reads_holds_the_program_back()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        await using RemoteProcess process = await child.Get<IProcesses>().StartAsync(new ProcessCommand("yes"), Cancellation);
        IAsyncEnumerator<OutputLine> lines = process.Lines(Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 0; i < 300_000; i++)
        {
            Assert.True(await lines.MoveNextAsync());
        }

        // It waits in its write: looks that follow each other find the same.
        (string Last, int Same) looks = ("", 0);
        await Eventually.UntilAsync(async () =>
        {
            string now = await WrittenAsync(process.Id);
            looks = now == looks.Last ? (now, looks.Same + 1) : (now, 0);
            return looks.Same == 20;
        });
        await lines.DisposeAsync();
    }

    [Fact]
    public async Task A_terminal_has_a_size_and_signals()
    {
        await using RemoteProcess process = await Processes.StartAsync(
            ProcessCommand.Shell("stty size; tty >/dev/null && echo tty >&2; trap 'stty size; exit 5' WINCH; echo ready; while :; do sleep 0.05; done") with
            {
                Terminal = new TerminalOptions(100, 30, "vt100"),
            },
            Cancellation);
        StringBuilder seen = new();
        await ReadUntilAsync(process.Output, seen, "ready\r\n");

        await process.ResizeAsync(120, 40, Cancellation);
        await ReadUntilAsync(process.Output, seen, "40 120\r\n");

        Assert.Equal("30 100\r\ntty\r\nready\r\n40 120\r\n", seen.ToString());
        Assert.Equal(5, (await process.WaitAsync(Cancellation)).Status);
        Assert.Equal("", await ReadAsync(process.Error));
    }

    [Fact]
    public async Task All_that_was_printed_at_a_terminal_is_read_after_the_exit()
    {
        // More than the line discipline holds (4 KiB), and less than at what a program has to wait.
        await using RemoteProcess process = await Processes.StartAsync(
            ProcessCommand.Shell("head -c 10000 /dev/zero | tr '\\0' x") with { Terminal = new TerminalOptions(), OutputDrainTime = TimeSpan.Zero },
            Cancellation);
        _ = await process.WaitAsync(Cancellation);

        Assert.Equal(10_000, (await ReadAsync(process.Output)).Length);
    }

    [Fact]
    public async Task A_terminal_passes_Ctrl_C_on()
    {
        // A shell that waits for a program loses a signal that comes before the program has begun.
        await using RemoteProcess process = await Processes.StartAsync(
            ProcessCommand.Shell("echo ready; exec sleep 1000") with { Terminal = new TerminalOptions() }, Cancellation);
        await ReadUntilAsync(process.Output, new StringBuilder(), "ready");

        await process.Input.WriteAsync("\u0003"u8.ToArray(), Cancellation);

        Assert.Equal(ProcessSignal.Interrupt, (await process.WaitAsync(Cancellation).InTimeAsync()).Signal);
    }

    [Fact]
    public async Task Disposal_ends_the_group_and_so_does_the_end_of_the_context()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        RemoteProcess first = await child.Get<IProcesses>().StartAsync(ProcessCommand.Shell("sleep 1000 & sleep 1000"), Cancellation);
        RemoteProcess second = await child.Get<IProcesses>().StartAsync(ProcessCommand.Shell("trap '' TERM; sleep 1000 & wait; wait"), Cancellation);
        await first.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{first.Id}"));

        await child.DisposeAsync();

        await Eventually.UntilAsync(() => !Directory.Exists($"/proc/{second.Id}"));
        await second.DisposeAsync();
    }

    [Fact]
    public async Task The_loss_of_the_caller_ends_the_process()
    {
        IRemoteContext middle = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext child = await middle.ConnectAsync(new LocalConnection(), Cancellation);
        RemoteProcess process = await child.Get<IProcesses>().StartAsync(new ProcessCommand("sleep", "1000"), Cancellation);
        Assert.True(Directory.Exists($"/proc/{process.Id}"));

        Assert.True((await _root.Get<IProcesses>().RunAsync("kill", ["-9", $"{middle.Info.ProcessId}"], Cancellation)).Exit.IsSuccess);

        await Eventually.UntilAsync(() => !Directory.Exists($"/proc/{process.Id}"));
    }

    [Fact]
    public async Task A_process_that_outlives_the_link_goes_on()
    {
        string file = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        RemoteProcess process = await child.Get<IProcesses>().StartAsync(
            ProcessCommand.Shell("while [ ! -e \"$1\" ]; do sleep 0.05; done; echo done; echo error >&2", file + ".go") with
            {
                OutlivesLink = true,
                OutputFile = file,
            },
            Cancellation);
        await process.DisposeAsync();
        await child.DisposeAsync();
        Assert.Equal("", File.ReadAllText(file));

        File.WriteAllText(file + ".go", "");

        await Eventually.UntilAsync(() => File.ReadAllText(file) == "done\nerror\n");
        File.Delete(file);
        File.Delete(file + ".go");
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static async Task ReadUntilAsync(Stream stream, StringBuilder seen, string text)
    {
        byte[] buffer = new byte[1024];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            int count = await stream.ReadAsync(buffer, Cancellation);
            Assert.True(count > 0, $"It ended after: {seen}");
            _ = seen.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }

    private static async Task<string> WrittenAsync(int id) =>
        (await File.ReadAllLinesAsync($"/proc/{id}/io", Cancellation)).Single(line => line.StartsWith("wchar", StringComparison.Ordinal));
}
