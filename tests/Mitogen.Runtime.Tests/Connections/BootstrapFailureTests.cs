using Mitogen.Executables;
using Mitogen.Runtime.Tests.Executables;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Contexts that do not come up: each with its reason, and the one that was to start them is as usable as before.</summary>
public sealed class BootstrapFailureTests : LeakCheckedTest
{
    public static TheoryData<string, BootstrapReason, string, string[]> Failures { get; } = new()
    {
        { "echo cannot >&2; echo and will not >&2; exit 3", BootstrapReason.ExitedEarly, "exited with code 3", ["cannot", "and will not"] },
        { "kill -9 $$", BootstrapReason.ExitedEarly, "killed by signal 9", [] },
        { "exit 150", BootstrapReason.NoRuntime, ".NET 10", [] },
        { "echo Last login: today; echo Denied; exit 1", BootstrapReason.NotAContext, "code 1", ["Last login: today", "Denied"] },
        { "echo garbage; exec sleep 1000", BootstrapReason.NotAContext, "not a context's hello", ["garbage"] },
        { "head -c 300000 /dev/zero; exec sleep 1000", BootstrapReason.NotAContext, "not a context's hello", [] },
        { "echo waiting for something >&2; exec sleep 1000", BootstrapReason.TimedOut, "ConnectTimeout", ["waiting for something"] },
        { "trap '' TERM; while :; do sleep 0.1; done", BootstrapReason.TimedOut, "ConnectTimeout", [] },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_process_that_is_no_context(string script, BootstrapReason reason, string says, string[] lines)
    {
        await using var root = MitogenRoot.Create();
        foreach (bool isolated in (bool[])[false, true])
        {
            LocalConnection connection = new() { DotNetPath = Scripts.Write(script), Isolated = isolated };
            BootstrapException failure = script.Contains("sleep", StringComparison.Ordinal)
                ? await EndsByTimeAsync(root, connection, failure => failure.Reason == reason && lines.All(failure.LastLines.Contains))
                : await FailsAsync(root, connection);
            Assert.Equal(reason, failure.Reason);
            Assert.Contains(says, failure.Message, StringComparison.Ordinal);
            if (lines.Length > 0)
            {
                Assert.Equal(lines, failure.LastLines);
            }
        }
    }

    [Fact]
    public async Task There_is_no_such_dotnet()
    {
        await using var root = MitogenRoot.Create();
        BootstrapException failure = await FailsAsync(root, new LocalConnection { DotNetPath = "/nowhere/dotnet" });
        Assert.Equal(BootstrapReason.ToolNotFound, failure.Reason);
        Assert.Contains("/nowhere/dotnet", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_cannot_be_executed()
    {
        await using var root = MitogenRoot.Create();
        BootstrapException failure = await FailsAsync(root, new LocalConnection { DotNetPath = Scripts.Write("exit 0", executable: false) });
        Assert.Equal(BootstrapReason.ToolNotFound, failure.Reason);
        Assert.Contains("execut", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_C_library_of_a_native_executable_is_not_there()
    {
        await using var root = MitogenRoot.Create();
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, NativeExecutables.FolderName, Platform.OwnRid));
        string executable = Path.Combine(folder.FullName, typeof(BootstrapFailureTests).Assembly.GetName().Name!);
        await File.WriteAllBytesAsync(executable, ElfImageTests.Image(), Cancellation);
        try
        {
            BootstrapException failure = await FailsAsync(root, new ExecConnection("env") { Executable = ExecutableKind.Native });
            Assert.Equal(BootstrapReason.PlatformNotSupported, failure.Reason);
            Assert.Contains(ElfImageTests.Loader, failure.Message, StringComparison.Ordinal);
            Assert.Contains("MitogenExecutableStatic", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(executable);
        }
    }

    [Fact]
    public async Task The_agent_is_missing()
    {
        string agent = Path.Combine(AppContext.BaseDirectory, "mitogen", "Mitogen.Agent.dll");
        string hidden = agent + ".hidden";
        await using var root = MitogenRoot.Create();
        File.Move(agent, hidden);
        try
        {
            await using var without = MitogenRoot.Create();
            BootstrapException failure = await FailsAsync(without, new LocalConnection());
            Assert.Equal(BootstrapReason.AgentMissing, failure.Reason);
            Assert.Contains("Mitogen.Runtime", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Move(hidden, agent);
        }
    }

    [Theory]
    [InlineData("throw", BootstrapReason.ExitedEarly, "A module initializer was asked to fail.")]
    [InlineData("hang", BootstrapReason.TimedOut, "module initializer")]
    [InlineData("exit", BootstrapReason.ExitedEarly, "code 9")]
    public async Task The_programs_own_initializer_fails(string how, BootstrapReason reason, string says)
    {
        await using var root = MitogenRoot.Create();
        Environment.SetEnvironmentVariable(TestInitializer.Variable, how);
        try
        {
            foreach (bool isolated in (bool[])[false, true])
            {
                LocalConnection connection = new() { Isolated = isolated, GracePeriod = TimeSpan.FromSeconds(1) };
                BootstrapException failure = how == "hang"
                    ? await EndsByTimeAsync(root, connection, failure => failure.Message.Contains(says, StringComparison.Ordinal))
                    : await FailsAsync(root, connection);
                Assert.Equal(reason, failure.Reason);
                Assert.Contains(says, failure.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable(TestInitializer.Variable, null);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_further_down_reads_the_same_at_the_root(bool isolated)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext one = await root.ConnectAsync(new LocalConnection { Name = "one", Isolated = isolated }, Cancellation);
        IRemoteContext two = await one.ConnectAsync(new LocalConnection { Name = "two", Isolated = isolated }, Cancellation);
        LocalConnection connection = new() { Name = "three", DotNetPath = Scripts.Write("echo cannot >&2; exit 3") };

        BootstrapException there = await Assert.ThrowsAsync<BootstrapException>(() => two.ConnectAsync(connection, Cancellation));
        BootstrapException here = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));

        Assert.Equal("root/one/two", there.Hop);
        Assert.Equal("root", here.Hop);
        Assert.Equal((here.Reason, here.ContextName, here.Detail), (there.Reason, there.ContextName, there.Detail));
        Assert.Equal(here.LastLines, there.LastLines);
        Assert.Equal("well", await two.Get<IProbe>().EchoAsync("well"));
    }

    [Fact]
    public async Task Calls_through_what_does_not_come_up_fail_with_its_failure()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext one = root.Through(new LocalConnection { Name = "one", DotNetPath = Scripts.Write("echo cannot >&2; exit 3") });
        IRemoteContext two = one.Through(new LocalConnection { Name = "two" });
        Task<string>[] calls = [one.Get<IProbe>().EchoAsync("x"), one.Get<IProbe>().EchoAsync("y"), two.Get<IProbe>().EchoAsync("z")];

        foreach (Task<string> call in calls)
        {
            BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => call);
            Assert.Equal((BootstrapReason.ExitedEarly, "one", "root"), (failure.Reason, failure.ContextName, failure.Hop));
            Assert.Equal(["cannot"], failure.LastLines);
        }

        Assert.Equal(DisconnectKind.NeverStarted, one.DisconnectReason?.Kind);
        await Eventually.UntilAsync(() => two.Disconnected.IsCancellationRequested);
        await Assert.ThrowsAsync<BootstrapException>(() => one.Get<IProbe>().EchoAsync("late"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_can_be_cancelled(bool further)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext from = further ? await root.ConnectAsync(new LocalConnection(), Cancellation) : root;
        string started = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        LocalConnection connection = new() { DotNetPath = Scripts.Write($"echo $$ > {started}; exec sleep 1000") };
        using CancellationTokenSource cancel = new();
        Task<IRemoteContext> start = from.ConnectAsync(connection, cancel.Token);
        await Eventually.UntilAsync(() => File.Exists(started) && File.ReadAllText(started).Length > 0);

        await cancel.CancelAsync();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.InTimeAsync());

        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        Assert.False(Directory.Exists("/proc/" + File.ReadAllText(started).Trim()));
        Assert.Equal("well", await from.Get<IProbe>().EchoAsync("well"));
        File.Delete(started);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(200)]
    [InlineData(400)]
    public async Task A_start_that_is_cancelled_at_any_time_leaves_nothing(int milliseconds)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext middle = await root.ConnectAsync(new LocalConnection(), Cancellation);
        foreach (IRemoteContext from in (IRemoteContext[])[root, middle])
        {
            using CancellationTokenSource cancel = new(milliseconds);
            Exception? outcome = await Record.ExceptionAsync(
                async () => await (await from.ConnectAsync(new LocalConnection(), cancel.Token)).DisposeAsync());
            Assert.True(outcome is null or OperationCanceledException, $"{outcome}");
            Assert.Empty(ProcessTable.ChildrenOf(middle.Info.ProcessId));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_what_is_not_up_yet_leaves_nothing(bool further)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext from = further ? await root.ConnectAsync(new LocalConnection(), Cancellation) : root;
        string started = Scripts.NewPath();
        IRemoteContext never = from.Through(new LocalConnection { DotNetPath = Scripts.Write($"touch {started}; exec sleep 1000") });
        Task<string> call = never.Get<IProbe>().EchoAsync("x");
        await Eventually.UntilAsync(() => File.Exists(started));

        await never.DisposeAsync();

        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => call);
        Assert.Equal(DisconnectKind.Disposed, lost.Reason.Kind);
        Assert.Empty(ProcessTable.ChildrenOf(from.Info.ProcessId));
    }

    [Fact]
    public async Task Disposing_the_root_gives_starts_up()
    {
        var root = MitogenRoot.Create();
        string started = Scripts.NewPath();
        Task<IRemoteContext> start = root.ConnectAsync(new LocalConnection { DotNetPath = Scripts.Write($"touch {started}; exec sleep 1000") }, Cancellation);
        await Eventually.UntilAsync(() => File.Exists(started));
        await root.DisposeAsync();
        await Assert.ThrowsAsync<ContextLostException>(() => start);
        Assert.Empty(ProcessTable.ChildrenOf(Environment.ProcessId));
        await Assert.ThrowsAsync<ContextLostException>(() => root.ConnectAsync(new LocalConnection(), Cancellation));
    }

    /// <summary>A start that only its time-out ends, with a time in which it has come as far as it is to.</summary>
    private static async Task<BootstrapException> EndsByTimeAsync(MitogenRoot root, Connection connection, Func<BootstrapException, bool> isFar)
    {
        BootstrapException failure = null!;
        foreach (TimeSpan time in Eventually.LongerTimes(TimeSpan.FromSeconds(2)))
        {
            failure = await FailsAsync(root, connection with { ConnectTimeout = time });
            if (isFar(failure))
            {
                break;
            }
        }

        return failure;
    }

    private static async Task<BootstrapException> FailsAsync(MitogenRoot root, Connection connection)
    {
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(
            () => root.ConnectAsync(connection with { Name = "new" }, Cancellation).InTimeAsync());
        Assert.Equal(("new", "root"), (failure.ContextName, failure.Hop));
        Assert.Empty(ProcessTable.ChildrenOf(Environment.ProcessId));
        Assert.Equal("well", await root.Get<IProbe>().EchoAsync("well"));
        return failure;
    }
}
