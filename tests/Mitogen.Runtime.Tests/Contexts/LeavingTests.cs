using Mitogen.Interop;
using Mitogen.Runtime.Tests.Connections;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Contexts;

/// <summary>Contexts that end though nobody above asked them to: they say why.</summary>
public sealed class LeavingTests : LeakCheckedTest
{
    [Theory]
    [InlineData(15, "SIGTERM")]
    [InlineData(1, "SIGHUP")]
    [InlineData(2, "SIGINT")]
    public async Task A_signal_ends_a_context_in_order_with_all_below_it(int signal, string name)
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext below = await child.ConnectAsync(new LocalConnection(), Cancellation);
        int sleep = await child.Get<ITrouble>().StartSleepAsync();
        Task call = below.Get<ITrouble>().WaitAsync(Cancellation);

        Assert.Equal(0, Libc.SendSignal(child.Info.ProcessId, signal));

        _ = await Assert.ThrowsAsync<ContextLostException>(() => call);
        await Eventually.UntilAsync(() => below.Disconnected.IsCancellationRequested);
        Assert.Equal(DisconnectKind.AncestorLost, below.DisconnectReason!.Kind);
        Assert.Contains(name, below.DisconnectReason!.Message, StringComparison.Ordinal);
        await Eventually.UntilAsync(() => child.Disconnected.IsCancellationRequested);
        Assert.Equal((DisconnectKind.Exited, 128 + signal), (child.DisconnectReason!.Kind, child.DisconnectReason.ExitCode));
        Assert.Contains(name, child.DisconnectReason.Message, StringComparison.Ordinal);
        await ProcessTable.GoneAsync([child.Info.ProcessId, below.Info.ProcessId, sleep]);
    }

    [Fact]
    public async Task A_context_that_crashes_says_by_what()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        ContextLostException crash = await Assert.ThrowsAsync<ContextLostException>(() => child.Get<ITrouble>().ThrowOnThreadAsync("nobody catches me"));
        Assert.Equal((DisconnectKind.Exited, 134), (crash.Reason.Kind, crash.Reason.ExitCode));
        Assert.Contains("InvalidOperationException: nobody catches me", crash.Reason.Message, StringComparison.Ordinal);

        IRemoteContext other = await root.ConnectAsync(new LocalConnection(), Cancellation);
        ContextLostException exit = await Assert.ThrowsAsync<ContextLostException>(() => other.Get<ITrouble>().ExitAsync(7, "enough"));
        Assert.Equal((DisconnectKind.Exited, 7), (exit.Reason.Kind, exit.Reason.ExitCode));
        Assert.Contains("code 7, by its own doing", exit.Reason.Message, StringComparison.Ordinal);
    }
}
