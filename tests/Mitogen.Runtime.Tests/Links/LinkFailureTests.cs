using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Links;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Links;

/// <summary>Whatever fails on a thread that moves bytes ends that link; the process and the other links go on.</summary>
public sealed class LinkFailureTests : CallTest
{
    private readonly RecordingLoggers _loggers = new();

    [Fact]
    public async Task What_a_reader_meets_ends_its_link()
    {
        using AttackedNode node = new(LinkRole.Child, loggers: _loggers);
        FakeTransport transport = new() { OnRead = _ => throw new NotSupportedException("of the reader") };

        Exception? error = await RunAsync(node, transport);

        Assert.Contains("of the reader", Assert.IsType<ProtocolBrokenException>(error).Message, StringComparison.Ordinal);
        await UntilAsync(() => _loggers.Records.Any(r => r.Exception is NotSupportedException));
    }

    [Fact]
    public async Task What_a_frame_brings_about_ends_its_link()
    {
        using AttackedNode node = new(LinkRole.Parent, loggers: _loggers);
        node.Node.OnParentSaysGoodbye = _ => throw new NotSupportedException("of the handler");
        FakeTransport transport = new();
        transport.Feed(Frames.Control(FrameKind.Goodbye, new byte[4]));

        Exception? error = await RunAsync(node, transport, LinkRole.Parent);

        Assert.Contains("of the handler", Assert.IsType<ProtocolBrokenException>(error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_writer_meets_ends_its_link(bool onTheSendersThread)
    {
        using AttackedNode node = new(LinkRole.Child, loggers: _loggers);

        // A small frame is written by who sends it, when the writer has found nothing to do before: then by TryWrite. What does not fit is the writer's.
        FakeTransport transport = new()
        {
            OnWrite = () => throw new NotSupportedException("of the writer"),
            Fits = onTheSendersThread ? int.MaxValue : 0,
        };
        Task<Exception?> ended = RunAsync(node, transport, started: link =>
        {
            Eventually.Until(() =>
            {
                using HubLock locked = node.Node.Hub.Enter();
                locked.Kernel.SendControl(link, FrameKind.KeepAlive, default);
                return transport.IsDisposed || link.IsClosed;
            });
        });

        Assert.Contains("of the writer", Assert.IsType<ProtocolBrokenException>(await ended).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_timer_meets_ends_its_link()
    {
        // The writer is blocked by a peer that does not read, and nothing comes: the timer finds the end, and who is told of it fails.
        using AttackedNode node = new(LinkRole.Child, new KernelOptions { KeepAliveMilliseconds = 20, SilenceMilliseconds = 100 }, _loggers);
        using ManualResetEventSlim aborted = new();
        FakeTransport transport = new() { OnWrite = aborted.Wait, OnAbort = aborted.Set };

        Exception? error = await RunAsync(node, transport, started: link =>
        {
            using (HubLock locked = node.Node.Hub.Enter())
            {
                locked.Kernel.SendControl(link, FrameKind.KeepAlive, default);
            }
        }, told: () => throw new NotSupportedException("of the owner"));

        Assert.IsType<TimeoutException>(error);
        await UntilAsync(() => _loggers.Records.Any(r => r.Exception is NotSupportedException { Message: "of the owner" }));
    }

    [Fact]
    public async Task What_an_alarm_brings_about_is_logged()
    {
        using AttackedNode node = new(LinkRole.Child, loggers: _loggers);
        Alarm alarm = new(node.Node.Hub, (in _) => throw new NotSupportedException("of the alarm"));
        using (HubLock locked = node.Node.Hub.Enter())
        {
            alarm.Set(locked, 0);
        }

        await UntilAsync(() => _loggers.Records.Any(r => r.Exception is NotSupportedException { Message: "of the alarm" }));
        using (HubLock locked = node.Node.Hub.Enter())
        {
            alarm.Stop(locked);
        }
    }

    [Fact]
    public async Task What_a_frame_brings_about_in_memory_ends_its_link()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { LoggerFactory = _loggers });
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work()));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        IRemoteContext sibling = await root.ConnectAsync(new LocalConnection(), Cancellation);
        (await ChildNodes.OfAsync(child)).OnParentSaysGoodbye = _ => throw new NotSupportedException("of the handler");
        using (HubLock locked = root.Node.Hub.Enter())
        {
            locked.Kernel.SendGoodbye(locked.Kernel.RouteTo(child.Id)!, TimeSpan.Zero);
        }

        await UntilAsync(() => child.DisconnectReason is not null);
        Assert.Contains("of the handler", child.DisconnectReason!.Message, StringComparison.Ordinal);
        Assert.Equal(2, await sibling.Get<IWork>().IncrementAsync(1));
    }

    [Fact]
    public async Task What_a_context_does_to_itself_ends_its_link_to_itself()
    {
        InProcessRoot root = NewRoot(new MitogenOptions { LoggerFactory = _loggers });
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work()));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        CallHub hub = root.Node.Hub;
        using (HubLock locked = hub.Enter())
        {
            // The answer to what makes no sense comes to a handler that fails.
            locked.Kernel.Open(root.Id, new Failing(), StreamClass.Own)!.Send(new byte[1]);
        }

        await UntilAsync(() => _loggers.Records.Any(r => r.Exception is NotSupportedException { Message: "of the stream" }));
        Assert.Equal(2, await child.Get<IWork>().IncrementAsync(1));
    }

    /// <summary>Runs a link beside the attacker's, until it has ended and its threads too.</summary>
    /// <returns>What the owner was told.</returns>
    private static async Task<Exception?> RunAsync(
        AttackedNode node, FakeTransport transport, LinkRole role = LinkRole.Child, Action<Link>? started = null, Action? told = null)
    {
        Link link = role == LinkRole.Child ? node.AddBeside(77) : node.Link;
        TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkThreads threads = new(node.Node.Hub, link, transport, error =>
        {
            ended.SetResult(error);
            using (HubLock locked = node.Node.Hub.Enter())
            {
                locked.Kernel.LinkLost(link, new DisconnectReason(DisconnectKind.LinkBroken, "It ended."));
            }

            told?.Invoke();
        });
        new Thread(() => threads.Run(default)) { IsBackground = true }.Start();
        started?.Invoke(link);
        await threads.Ended.InTimeAsync();
        Assert.True(transport.IsDisposed);
        return await ended.Task;
    }

    private sealed class Failing : IStreamHandler
    {
        public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
        {
        }

        public void OnSent(MuxStream stream)
        {
        }

        public void OnReset(MuxStream stream, ResetCode code, string message) => throw new NotSupportedException("of the stream");

        public void OnLost(MuxStream stream, DisconnectReason reason)
        {
        }

        public void OnClosed(MuxStream stream)
        {
        }
    }
}
