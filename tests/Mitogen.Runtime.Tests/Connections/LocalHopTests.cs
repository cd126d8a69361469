using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>A failure four processes deep reads the same as a direct one.</summary>
public sealed class LocalHopTests : LeakCheckedTest
{
    private const string Deepest = "root/hop3/hop2/hop1/hop0";

    [Fact]
    public async Task Exceptions_keep_what_they_are_through_four_processes()
    {
        await using var root = MitogenRoot.Create();
        IRelay relay = root.Get<IRelay>();

        FileNotFoundException file = await Assert.ThrowsAsync<FileNotFoundException>(() => relay.FailAsync(4, "file"));
        AggregateException several = await Assert.ThrowsAsync<AggregateException>(() => relay.FailAsync(4, "several"));
        RemoteCallException odd = await Assert.ThrowsAsync<RemoteCallException>(() => relay.FailAsync(4, "odd"));

        RemoteCallException inside = Assert.IsType<RemoteCallException>(file.InnerException);
        Assert.Equal(("no such file", "/etc/none", Deepest), (file.Message, file.FileName, inside.ContextPath));
        Assert.Contains("ThrowAsync", inside.RemoteStackTrace, StringComparison.Ordinal);
        Assert.Equal(["/etc/none", "two"], several.InnerExceptions.Select(e => (e as FileNotFoundException)?.FileName ?? e.Message));
        Assert.Equal((5, Deepest), (several.Data["count"], RemoteCallException.Of(several)!.ContextPath));
        Assert.Equal(("odd", typeof(OddException).FullName, Deepest), (odd.Message, odd.RemoteType, odd.ContextPath));
    }

    [Fact]
    public async Task A_loss_and_a_deadline_keep_what_they_are_through_four_processes()
    {
        await using var root = MitogenRoot.Create();
        IRelay relay = root.Get<IRelay>();

        ContextLostException lost = await Assert.ThrowsAsync<ContextLostException>(() => relay.FailAsync(4, "lost"));
        TimeoutException late = await Assert.ThrowsAsync<TimeoutException>(() => relay.FailAsync(4, "deadline"));

        Assert.Equal(($"{Deepest}/gone", DisconnectKind.Disposed), (lost.ContextName, lost.Reason.Kind));
        Assert.Equal(Deepest, Assert.IsType<RemoteCallException>(late.InnerException).ContextPath);
    }
}
