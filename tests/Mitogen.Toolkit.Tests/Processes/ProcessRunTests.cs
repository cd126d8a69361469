using System.Text;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Toolkit.Tests.Processes;

/// <summary>Programs that run to their end.</summary>
public sealed class ProcessRunTests : LeakCheckedTest
{
    private readonly MitogenRoot _root = MitogenRoot.Create();

    private IProcesses Processes => _root.Get<IProcesses>();

    public override async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Another_context_runs_a_program()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection { Name = "web" }, Cancellation);

        ProcessResult result = await child.Get<IProcesses>().ShellAsync("echo $PPID; echo \"$1\" >&2; exit 3", ["a b; 'c'"], Cancellation);

        Assert.Equal($"{child.Info.ProcessId}\n", result.Output);
        Assert.Equal("a b; 'c'\n", result.Error);
        Assert.Equal(3, result.Exit.Status);
        Assert.NotNull(result.Exit.Usage);
        Assert.True(result.Exit.Duration > TimeSpan.Zero);
        ProcessFailedException failed = Assert.Throws<ProcessFailedException>(result.EnsureSuccess);
        Assert.Equal(
            $"'/bin/sh -c 'echo $PPID; echo \"$1\" >&2; exit 3' sh 'a b; '\\''c'\\'''' on {child} failed: exit status 3.\n  | a b; 'c'", failed.Message);
    }

    [Fact]
    public async Task Arguments_environment_and_folder_arrive_as_they_are()
    {
        const string Script = "pwd; printf '%s|' \"$@\" \"$KEPT\" \"${HOME-none}\" \"$SAID\" \"${PATH+path}\"";
        ProcessCommand command = ProcessCommand.Shell(Script, "a  b", "$(x)", "", "\"ü\n") with
        {
            Folder = "/usr/bin",
            CleanEnvironment = true,
            Environment = new Dictionary<string, string?> { ["KEPT"] = "yes=no", ["LEFT"] = null },
            SecretEnvironment = new Dictionary<string, Secret> { ["SAID"] = "hush" },
        };

        ProcessResult result = (await Processes.RunAsync(command, null, Cancellation)).EnsureSuccess();

        Assert.Equal("/usr/bin\na  b|$(x)||\"ü\n|yes=no|none|hush|path|", result.Output);
        Assert.DoesNotContain("hush", $"{command} {result}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_the_first_line_of_the_input()
    {
        ProcessCommand command = new("cat") { SecretInput = "hush", Input = "then\n"u8.ToArray() };

        ProcessResult result = await Processes.RunAsync(command, new ProcessStreams(new MemoryStream("more"u8.ToArray())), Cancellation);

        Assert.Equal("hush\nthen\nmore", result.Output);
    }

    [Fact]
    public async Task What_is_over_the_bound_goes_to_a_stream()
    {
        using MemoryStream rest = new();

        ProcessResult result = await Processes.RunAsync(
            ProcessCommand.Shell("seq 100000; seq 3 >&2") with { MaxOutput = 4 }, new ProcessStreams(Output: rest), Cancellation);

        string all = string.Concat(Enumerable.Range(1, 100000).Select(i => $"{i}\n"));
        Assert.Equal("1\n2\n", result.Output);
        Assert.Equal(all[4..], Encoding.ASCII.GetString(rest.ToArray()));
        Assert.Equal(rest.Length, result.OutputRest);
        Assert.Equal(("1\n2\n", 2L), (result.Error, result.ErrorRest));
        Assert.Equal(["1", "2", "3"], result.LastLines);
    }

    [Fact]
    public async Task A_stream_of_the_caller_that_fails_ends_the_program()
    {
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        using FullStream full = new();

        IOException error = await Assert.ThrowsAsync<IOException>(() => child.Get<IProcesses>().RunAsync(
            new ProcessCommand("yes") { MaxOutput = 1 }, new ProcessStreams(Output: full), Cancellation).InTimeAsync());

        Assert.Contains("It is full.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_ends()
    {
        ProcessResult result = await Processes.RunAsync(new ProcessCommand("true") { Input = new byte[1024 * 1024] }, null, Cancellation);

        Assert.Equal(0, result.Exit.Status);
    }

    [Fact]
    public async Task A_process_left_behind_with_the_pipes_does_not_hold_up_the_result()
    {
        ProcessResult result = await Processes.RunAsync(
            ProcessCommand.Shell("sleep 1000 & echo $!") with { OutputDrainTime = TimeSpan.FromMilliseconds(50) }, null, Cancellation).InTimeAsync();

        int left = int.Parse(result.Output);
        Assert.True(Directory.Exists($"/proc/{left}"));
        Assert.True((await Processes.RunAsync("kill", [$"{left}"], Cancellation)).Exit.IsSuccess);
    }

    [Fact]
    public async Task A_process_left_behind_that_goes_on_writing_does_not_hold_up_the_result()
    {
        ProcessCommand command = ProcessCommand.Shell("yes & echo $! >&2") with { OutputDrainTime = TimeSpan.FromMilliseconds(50), MaxOutput = 1024 };

        ProcessResult result = await Processes.RunAsync(command, null, Cancellation).InTimeAsync();

        Assert.True(result.Exit.IsSuccess);
        int left = int.Parse(result.Error);
        await Eventually.UntilAsync(() => !IsRunning(left));
    }

    [Fact]
    public async Task A_timeout_ends_the_whole_group()
    {
        foreach (TimeSpan time in Eventually.LongerTimes(TimeSpan.FromMilliseconds(200)))
        {
            ProcessResult result = await Processes.RunAsync(
                ProcessCommand.Shell("sleep 1000 & echo $!; wait") with { Timeout = time }, null, Cancellation).InTimeAsync();

            Assert.True(result.Exit.TimedOut);
            Assert.Equal(ProcessSignal.Terminate, result.Exit.Signal);
            Assert.Equal(143, result.Exit.Code);
            Assert.Contains("time-out", Assert.Throws<ProcessFailedException>(result.EnsureSuccess).Message, StringComparison.Ordinal);
            if (int.TryParse(result.Output, out int child))
            {
                Assert.False(IsRunning(child));
                return;
            }
        }
    }

    [Fact]
    public async Task Cancellation_ends_the_group_gracefully_and_then_by_force()
    {
        string file = Path.Combine(Path.GetTempPath(), $"mitogen-toolkit-{Guid.NewGuid():N}");
        using CancellationTokenSource cancelled = new();
        Task<ProcessResult> run = Processes.RunAsync(
            ProcessCommand.Shell("(trap '' TERM; echo $$ > \"$1\"; while :; do sleep 0.1; done) & trap 'echo asked >> \"$1\"; exit' TERM; wait", file) with
            {
                Grace = TimeSpan.FromMilliseconds(300),
            },
            null,
            cancelled.Token);
        await Eventually.UntilAsync(() => File.Exists(file) && File.ReadAllText(file).Length > 0);
        int leader = int.Parse(File.ReadAllText(file));

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Eventually.UntilAsync(() => !IsRunning(leader) && File.ReadAllText(file).Contains("asked", StringComparison.Ordinal));
        File.Delete(file);
    }

    [Fact]
    public async Task Failures_to_start_name_the_input_and_the_context()
    {
        async Task FailAsync<T>(ProcessCommand command, string words)
            where T : Exception
        {
            Exception? error = await Record.ExceptionAsync(() => Processes.RunAsync(command, null, Cancellation));
            Assert.Contains(words, Assert.IsType<T>(error).Message, StringComparison.Ordinal);
        }

        await FailAsync<FileNotFoundException>(new ProcessCommand("no-such-program"), $"'no-such-program' on {_root}");
        await FailAsync<UnauthorizedAccessException>(new ProcessCommand("/etc/passwd"), "'/etc/passwd'");
        await FailAsync<DirectoryNotFoundException>(new ProcessCommand("true") { Folder = "/no/folder" }, "'/no/folder'");
        await FailAsync<KeyNotFoundException>(new ProcessCommand("true") { User = "nobody-at-all" }, "'nobody-at-all'");
        await FailAsync<ArgumentOutOfRangeException>(new ProcessCommand("true") { Nice = 20 }, "Nice");
        await FailAsync<ArgumentException>(new ProcessCommand("echo", "a\0b"), "NUL");
        await FailAsync<ArgumentException>(new ProcessCommand("true") { Environment = new Dictionary<string, string?> { ["A="] = "b" } }, "'A='");
        await FailAsync<ArgumentException>(new ProcessCommand("true") { OutlivesLink = true }, "StartAsync");
    }

    [Fact]
    public async Task A_group_alone_leaves_the_users_variables_as_they_are()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        ProcessCommand command = ProcessCommand.Shell("id -u; id -G; echo \"$HOME $USER $LOGNAME $SHELL\"") with
        {
            Group = "daemon",
            Environment = new Dictionary<string, string?> { ["LOGNAME"] = "me" },
        };
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection(), Cancellation);
        string variables = (await child.Get<IProcesses>().RunAsync(
            command with { Group = null }, null, Cancellation)).EnsureSuccess().Output.Split('\n')[2];

        string[] lines = (await child.Get<IProcesses>().RunAsync(command, null, Cancellation)).EnsureSuccess().Output.Split('\n');

        Assert.Equal(["0", "1", variables], lines[..3]);
    }

    [Fact]
    public async Task A_program_gets_a_umask_a_nice_value_and_a_user_and_this_process_keeps_its_own()
    {
        string before = await File.ReadAllTextAsync("/proc/self/status", Cancellation);
        ProcessCommand command = ProcessCommand.Shell("umask; nice; id -u; id -G; echo $HOME; echo \"$@\"; ps -o ni= -p $$ >/dev/null; pwd", "x y") with
        {
            Umask = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute,
            Nice = 7,
            Folder = "/",
        };
        if (Environment.IsPrivilegedProcess)
        {
            command = command with { User = "nobody" };
        }

        string[] lines = (await Processes.RunAsync(command, null, Cancellation)).EnsureSuccess().Output.Split('\n');

        Assert.Equal(["0027", "7"], lines[..2]);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal(["65534", "65534", "/nonexistent", "x y", "/"], lines[2..7]);
        }

        static string Of(string status, string field) => status.Split('\n').Single(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        string after = await File.ReadAllTextAsync("/proc/self/status", Cancellation);
        Assert.Equal(Of(before, "Umask"), Of(after, "Umask"));
        Assert.Equal(Of(before, "Uid"), Of(after, "Uid"));
    }

    [Fact]
    public async Task Many_programs_run_at_once()
    {
        ProcessResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Processes.RunAsync("echo", [$"{i}"], Cancellation)));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}\n"), results.Select(result => result.Output));
    }

    private static bool IsRunning(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A disk without room.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("It is full.");
    }
}
