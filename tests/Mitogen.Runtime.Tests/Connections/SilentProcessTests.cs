using System.Diagnostics;
using System.Globalization;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>A process that is there and says nothing.</summary>
public sealed class SilentProcessTests : LeakCheckedTest
{
    // More than a busy machine keeps a process from running that is not stopped: the sibling is to live.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_process_that_is_stopped_is_lost_and_everything_else_goes_on()
    {
        await using var root = MitogenRoot.Create(new MitogenOptions
        {
            KeepAliveInterval = TimeSpan.FromSeconds(1),
            KeepAliveTimeout = s_silence,
        });
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        IRemoteContext sibling = await root.ConnectAsync(new LocalConnection { Name = "sibling" }, Cancellation);
        IRemoteContext below = await child.ConnectAsync(new LocalConnection { Name = "below" }, Cancellation);
        Task call = child.Get<ITrouble>().WaitAsync(Cancellation);
        Task callBelow = below.Get<ITrouble>().WaitAsync(Cancellation);
        Assert.Equal("well", await child.Get<IProbe>().EchoAsync("well"));

        await StopAsync(child.Info.ProcessId);

        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => call);
        Assert.Equal(DisconnectKind.KeepAlive, lost.Reason.Kind);
        Assert.Contains("KeepAliveTimeout", lost.Message, StringComparison.Ordinal);
        ContextLostException lostBelow = await Assert.ThrowsAsync<ContextLostException>(() => callBelow);
        Assert.Equal(DisconnectKind.AncestorLost, lostBelow.Reason.Kind);
        Assert.Equal(DisconnectKind.KeepAlive, child.DisconnectReason?.Kind);
        Assert.Equal("well", await sibling.Get<IProbe>().EchoAsync("well"));
        await ProcessTable.GoneAsync([child.Info.ProcessId, below.Info.ProcessId]);
    }

    [Fact]
    public async Task The_end_of_the_program_waits_for_the_process_of_a_context_that_was_lost()
    {
        int stopped;
        await using (var root = MitogenRoot.Create(new MitogenOptions
        {
            KeepAliveInterval = TimeSpan.FromSeconds(1),
            KeepAliveTimeout = s_silence,
        }))
        {
            IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
            stopped = child.Info.ProcessId;
            Task call = child.Get<ITrouble>().WaitAsync(Cancellation);
            await StopAsync(stopped);
            _ = await Assert.ThrowsAsync<ContextLostException>(() => call);
        }

        Assert.False(ProcessTable.IsAlive(stopped));
    }

    private static async Task StopAsync(int pid)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -STOP {pid}")]);
        await kill.WaitForExitAsync(Cancellation);
        Assert.Equal(0, kill.ExitCode);
    }
}
