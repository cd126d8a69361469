using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>What a context may not do, tried with the runtime's internals as a hostile child would.</summary>
public sealed class TrustTests : CallTest
{
    private readonly RecordingLoggers _loggers = new();
    private InProcessRoot _root = null!;
    private IRemoteContext _a = null!;
    private IRemoteContext _b = null!;
    private ContextNode _inA = null!;
    private int _calls;

    [Fact]
    public async Task A_child_knows_its_parent_and_cannot_call_it()
    {
        await StartAsync();
        IRemoteContext parent = _inA.Self.Parent!;

        Assert.Equal("root", parent.Name);
        Assert.Equal(1u, parent.Id);
        Assert.Null(parent.Parent);
        Assert.Throws<InvalidOperationException>(parent.Get<IWork>);
        await Assert.ThrowsAsync<InvalidOperationException>(() => parent.ConnectAsync(new LocalConnection(), Cancellation));
        Assert.Throws<InvalidOperationException>(() => parent.Through(new LocalConnection()));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await parent.DisposeAsync());
    }

    [Fact]
    public async Task A_call_to_a_parent_is_refused_over_there()
    {
        await StartAsync();
        ContextHandle forged = Handle(1);

        UnauthorizedAccessException error = await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await forged.Get<IWork>().IncrementAsync(1));
        Assert.Throws<UnauthorizedAccessException>(() => forged.Get<IWork>().Increment(1));

        Assert.Contains($"{_a.Id}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _calls);
        Assert.Equal(2, await _b.Get<IWork>().IncrementAsync(1));
    }

    [Fact]
    public async Task A_child_cannot_have_contexts_started_above_or_beside_it()
    {
        await StartAsync();

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Handle(1).ConnectAsync(new LocalConnection(), Cancellation));
        await Assert.ThrowsAsync<ContextLostException>(() => Handle(_b.Id).ConnectAsync(new LocalConnection(), Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_has_no_way_to_a_sibling_nor_to_a_context_that_is_not_there(bool sibling)
    {
        await StartAsync();
        uint id = sibling ? _b.Id : 4711;

        await Assert.ThrowsAsync<ContextLostException>(() => Handle(id).Get<IWork>().RunAsync(0, []).AsTask().InTimeAsync());
        Send(_a.Id, to: id);
        await UntilAsync(() => _loggers.Records.Any(r => r.Message.Contains($"for context {id},", StringComparison.Ordinal)));

        Assert.Equal(2, await _b.Get<IWork>().IncrementAsync(1));
        Assert.Equal(0, _calls);
    }

    [Fact]
    public async Task A_frame_in_anothers_name_is_dropped_and_logged()
    {
        await StartAsync();

        foreach (uint source in new[] { 1u, _b.Id, 4711u })
        {
            int logged = Dropped(source);
            Send(source, to: 1);
            await UntilAsync(() => Dropped(source) > logged);
        }

        Assert.Equal(2, await _b.Get<IWork>().IncrementAsync(1));
        Assert.Equal(2, await _a.Get<IWork>().IncrementAsync(1));
        Assert.Equal(0, _calls);

        int Dropped(uint source) => _loggers.Records.Count(r => r.Message.Contains($"in the name of context {source},", StringComparison.Ordinal));
    }

    /// <summary>Sends a call from A as no kernel would.</summary>
    private void Send(uint source, uint to)
    {
        byte[] body = new byte[CallHeader.Size];
        ulong contract = RemoteCatalog.Default.Find<IWork>().Id;
        uint method = RemoteCatalog.Default.Find<IWork>().Methods.Single(m => m.Name == "IWork.RunAsync").Id;
        new CallHeader(contract, 0, 0, default, method, 0, 0, 0).Write(body);
        using (HubLock locked = _inA.Hub.Enter())
        {
            locked.Kernel.Parent!.SendControl(new FrameHeader(body.Length, FrameKind.Open, FrameFlags.End, to, source, 99), body);
        }
    }

    private async Task StartAsync()
    {
        _root = NewRoot(new MitogenOptions { LoggerFactory = _loggers, LogInterval = TimeSpan.Zero });
        Work counting = new()
        {
            Async = (_, data, _) =>
            {
                _ = Interlocked.Increment(ref _calls);
                return new(data);
            },
        };
        _root.Add<IWork>(counting).OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(counting));
        _a = await _root.ConnectAsync(new LocalConnection { Name = "a" }, Cancellation);
        _b = await _root.ConnectAsync(new LocalConnection { Name = "b" }, Cancellation);
        _inA = await ChildNodes.OfAsync(_a);
    }

    /// <summary>A context as A would know it, had anyone told it.</summary>
    private ContextHandle Handle(uint id)
    {
        ContextHandle handle = new(_inA, null, "forged", "forged");
        using (HubLock locked = _inA.Hub.Enter())
        {
            handle.SetUp(locked, id, _a.Info);
        }

        return handle;
    }
}
