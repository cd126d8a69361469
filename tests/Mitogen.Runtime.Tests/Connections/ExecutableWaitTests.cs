using Mitogen.Executables;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Runtime.Tests.Starting;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>A start that waits for an executable that the parent has not sent yet.</summary>
public sealed class ExecutableWaitTests : LeakCheckedTest
{
    private readonly FakeParent _parent = new();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_can_be_given_up_and_nothing_is_left(Connection connection)
    {
        await using MitogenRoot root = CreateRoot();
        using CancellationTokenSource cancel = new();
        Task<IRemoteContext> starting = root.ConnectAsync(connection with { Executable = ExecutableKind.Native }, cancel.Token);
        FakeParent.Question question = await _parent.NextAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        await question.Cancelled.Task.InTimeAsync();
    }

    public static TheoryData<Connection> Ways => [new ExecConnection("env"), new LocalConnection()];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_fails_when_its_time_is_over(Connection connection)
    {
        await using MitogenRoot root = CreateRoot();
        Task<FakeParent.Question> asked = _parent.NextAsync();
        foreach (TimeSpan time in Eventually.LongerTimes(TimeSpan.FromSeconds(1)))
        {
            BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(
                () => root.ConnectAsync(connection with { Executable = ExecutableKind.Native, ConnectTimeout = time }, Cancellation));
            Assert.Equal(BootstrapReason.TimedOut, failure.Reason);
            if (asked.IsCompleted)
            {
                break;
            }
        }

        FakeParent.Question question = await asked;
        await question.Cancelled.Task.InTimeAsync();
    }

    [Fact]
    public async Task Ending_the_context_that_starts_it_ends_it()
    {
        MitogenRoot root = CreateRoot();
        Task<IRemoteContext> starting = root.ConnectAsync(new ExecConnection("env") { Executable = ExecutableKind.Native }, Cancellation);
        _ = await _parent.NextAsync();

        await root.DisposeAsync();

        await Assert.ThrowsAsync<ContextLostException>(() => starting);
    }

    private MitogenRoot CreateRoot() => MitogenRoot.CreateWith(
        new MitogenOptions(), RemoteCatalog.Default, new Connector(new Program(RemoteCatalog.Default, _parent.Executables)), null);
}
