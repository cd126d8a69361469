using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Logging;
using Mitogen.Runtime.Tests.Samples;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>A kind of connection of one's own, which uses public members alone.</summary>
public sealed class CarriedConnectionTests : LeakCheckedTest
{
    [Fact]
    public void The_page_has_the_example()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Mitogen.Runtime.Tests", "Connections", $"{nameof(BehindConnection)}.cs"));
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "connections.md"));
        string example = string.Join('\n', lines.Where(static line => !line.StartsWith("namespace ", StringComparison.Ordinal))).Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
        Assert.Contains($"```csharp\n{example}\n```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_context_behind_it_is_called_and_disposed()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext context = await root.ConnectAsync(new BehindConnection("env"), Cancellation);
        Assert.StartsWith("behind-", context.Name, StringComparison.Ordinal);
        int process = (await context.Get<IProbe>().WhereAsync()).ProcessId;
        string text = new('x', 1024 * 1024);
        Assert.Equal(text, await context.Get<IProbe>().EchoAsync(text));
        IRemoteContext below = await context.ConnectAsync(new LocalConnection(), Cancellation);
        Assert.Equal("well", await below.Get<IProbe>().EchoAsync("well"));

        await context.DisposeAsync();

        Assert.Equal(DisconnectKind.Disposed, context.DisconnectReason?.Kind);
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    public async Task Standard_error_and_the_exit_status_arrive()
    {
        RecordedLogs logs = new();
        await using var root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = logs });
        IRemoteContext context = await root.ConnectAsync(new BehindConnection("env"), Cancellation);
        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => context.Get<ITrouble>().ExitAsync(7, "so long"));
        Assert.Equal(DisconnectKind.Exited, lost.Reason.Kind);
        Assert.Equal(7, lost.Reason.ExitCode);
        Assert.Contains("so long", lost.Reason.LastLines ?? []);
    }

    [Fact]
    public async Task Its_end_says_why_no_context_came_up()
    {
        await using var root = MitogenRoot.Create();
        await FailsAsync(root, new BehindConnection("/nowhere/program"), BootstrapReason.ToolNotFound, "/nowhere/program cannot be started");
        await FailsAsync(root, new BehindConnection(Scripts.Write("echo Permission denied >&2; exit 1")), BootstrapReason.NotAllowed, "may not run");
        BootstrapException failure = await FailsAsync(
            root, new BehindConnection(Scripts.Write("echo some words >&2; exit 9")), BootstrapReason.ExitedEarly, "exited with code 9");
        Assert.Equal(["some words"], failure.LastLines);
        await FailsAsync(
            root, new BehindConnection(Scripts.Write("echo Out of memory. >&2; exit 1")), BootstrapReason.ExitedEarly, "no more threads or memory");
    }

    [Fact]
    public async Task Another_context_cannot_start_one()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext local = await root.ConnectAsync(new LocalConnection(), Cancellation);
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => local.ConnectAsync(new BehindConnection("env"), Cancellation));
        Assert.Contains(nameof(BehindConnection), refused.Message, StringComparison.Ordinal);
    }

    private static async Task<BootstrapException> FailsAsync(MitogenRoot root, Connection connection, BootstrapReason reason, string says)
    {
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(connection, Cancellation));
        Assert.Equal(reason, failure.Reason);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
