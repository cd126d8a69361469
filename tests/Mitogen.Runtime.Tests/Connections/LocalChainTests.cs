using System.Diagnostics;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

public sealed class LocalChainTests : LeakCheckedTest
{
    [Fact]
    public async Task The_processes_of_a_chain_end_with_the_last_one()
    {
        await using var root = MitogenRoot.Create();
        IRemoteContext last = await root.ConnectAsync("local://?name=a+local://?name=b+local://?name=c", Cancellation);
        Assert.Equal(["root", "a", "b", "c"], (await last.Get<IProbe>().WhereAsync()).Names);

        using (Process process = Process.GetProcessById(last.Info.ProcessId))
        {
            process.Kill();
        }

        await Eventually.UntilAsync(() => root.Children.Count == 0);
        Assert.Equal(DisconnectKind.Exited, last.DisconnectReason!.Kind);
        await last.DisposeAsync();
    }

    [Fact]
    public async Task A_hop_that_does_not_come_up_leaves_no_process()
    {
        await using var root = MitogenRoot.Create();
        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(
            () => root.ConnectAsync("local://?name=a+exec://%2Fno%2Fsuch%2Ftool?name=b", Cancellation));
        Assert.Equal(("b", "root/a", BootstrapReason.ToolNotFound), (error.ContextName, error.Hop, error.Reason));
        Assert.Empty(root.Children);
    }
}
