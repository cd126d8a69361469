using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Testing;

namespace Mitogen.Toolkit.Tests.Machine;

/// <summary>Restarts of a machine that the test plays.</summary>
public sealed class RestartTests : LeakCheckedTest
{
    private readonly InProcessRoot _app = InProcessRoot.Create();
    private readonly RestartedMachine _machine = new();

    public override async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(-2, 1)]
    [InlineData(1, -2)]
    [InlineData(1e9, 1)]
    public async Task Times_that_make_no_sense_are_refused_before_the_order(double timeout, double delay)
    {
        IRemoteContext host = await StartAsync();
        RestartOptions options = new() { Timeout = TimeSpan.FromSeconds(timeout), RetryDelay = TimeSpan.FromSeconds(delay) };

        _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.RestartAsync(_ => StartAsync(), options, Cancellation));

        Assert.Equal(0, _machine.Orders);
    }

    [Fact]
    public async Task A_new_context_that_is_given_up_is_disposed()
    {
        IRemoteContext host = await StartAsync();
        using CancellationTokenSource cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _machine.OnOrder = () => host.DisposeAsync().AsTask();
        _machine.OnFacts = async token =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        };
        IRemoteContext? again = null;

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => host.RestartAsync(async _ => again = await StartAsync(), null, cancelled.Token));

        Assert.NotNull(again?.DisconnectReason);
    }

    private async Task<IRemoteContext> StartAsync()
    {
        await using (MitogenRoot root = MitogenRoot.Create())
        {
            _machine.Facts ??= await root.Get<ISystem>().GetFactsAsync(Cancellation);
        }

        _app.OnConnect<LocalConnection>(_ => new FakeContext().Add<ISystem>(_machine));
        return await _app.ConnectAsync(new LocalConnection(), Cancellation);
    }

    private sealed class RestartedMachine : ISystem
    {
        private int _orders;

        public SystemFacts? Facts { get; set; }

        public int Orders => _orders;

        public Func<Task> OnOrder { get; set; } = () => Task.CompletedTask;

        public Func<CancellationToken, Task>? OnFacts { get; set; }

        public async Task<SystemFacts> GetFactsAsync(CancellationToken cancellationToken = default)
        {
            if (Orders > 0)
            {
                await OnFacts!(cancellationToken);
            }

            return Facts!;
        }

        public Task RebootAsync(RebootKind kind = RebootKind.Restart, CancellationToken cancellationToken = default)
        {
            _ = Interlocked.Increment(ref _orders);
            _ = Task.Run(OnOrder, CancellationToken.None);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyDictionary<string, string>> GetEnvironmentAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<UserFacts>> ListUsersAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<GroupFacts>> ListGroupsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<UserFacts?> FindUserAsync(string user, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<ProcessList> ListProcessesAsync(int max = 10_000, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> SignalAsync(int id, ProcessSignal signal, long? startTicks = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
