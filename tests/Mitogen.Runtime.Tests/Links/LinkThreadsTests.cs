using System.Collections.Concurrent;
using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Links;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Runtime.Tests.Links;

/// <summary>Who writes which bytes of a link, in which order, and how the link ends.</summary>
[Collection(ProcessTests.Name)] // a debugger is pretended for the whole process
public sealed class LinkThreadsTests
{
    private const uint Beside = 77;
    private const string Writer = "mitogen-write";

    private static readonly byte[] s_last = Frames.Control(FrameKind.KeepAlive, "last"u8);

    private readonly FakeTransport _transport;
    private readonly ManualResetEventSlim _mayWrite = new(initialState: true);

    public LinkThreadsTests() => _transport = new FakeTransport { OnWrite = () => Assert.True(_mayWrite.Wait(Eventually.Patience)) };

    [Fact]
    public async Task A_lone_frame_is_written_by_who_sends_it()
    {
        using AttackedNode node = new(LinkRole.Child);
        RunningLink link = new(node, _transport);
        BecomesIdle(link);

        int sent = link.Sent;
        OnThread("a caller", () => link.Send());

        Assert.Equal(("a caller", sent), (_transport.Written.Last().Thread, NumbersOf(_transport.Written.Last().Bytes).Single()));
        await link.EndAsync();
    }

    [Fact]
    public async Task What_does_not_fit_is_written_by_the_writer_and_what_is_sent_meanwhile_comes_behind_it()
    {
        using AttackedNode node = new(LinkRole.Child);
        RunningLink link = new(node, _transport);
        BecomesIdle(link);
        (byte[] Bytes, string? Thread)[] before = [.. _transport.Written];
        _transport.Fits = 10;

        OnThread("a caller", () => link.Send());
        for (int i = 0; i < 100; i++)
        {
            link.Send();
        }

        await Eventually.UntilAsync(() => Numbers().Length == link.Sent);
        Assert.Equal(Enumerable.Range(0, link.Sent), Numbers());
        (byte[] Bytes, string? Thread)[] after = [.. _transport.Written.Skip(before.Length)];
        Assert.Equal(("a caller", 10), (after[0].Thread, after[0].Bytes.Length));
        Assert.Contains(after, written => written.Thread == Writer);
        await link.EndAsync();
    }

    [Fact]
    public async Task Frames_that_wait_for_a_writer_go_together()
    {
        using AttackedNode node = new(LinkRole.Child);
        RunningLink link = new(node, _transport);
        BecomesIdle(link);
        _transport.Fits = 0;
        _mayWrite.Reset();
        link.Send(); // the writer has it, and is blocked
        for (int i = 0; i < 100; i++)
        {
            link.Send();
        }

        int before = _transport.Written.Count;
        _mayWrite.Set();

        await Eventually.UntilAsync(() => Numbers().Length == link.Sent);
        Assert.Equal(Enumerable.Range(0, link.Sent), Numbers());
        Assert.InRange(_transport.Written.Count - before, 1, 2);
        await link.EndAsync();
    }

    [Fact]
    public async Task The_last_frame_is_written_behind_all_else_and_then_writing_is_closed()
    {
        using AttackedNode node = new(LinkRole.Child);
        RunningLink link = new(node, _transport);
        BecomesIdle(link);
        _transport.Fits = 0;
        _mayWrite.Reset();
        for (int i = 0; i < 100; i++)
        {
            link.Send();
        }

        link.Threads.CloseAfterSending(s_last);
        link.Threads.CloseAfterSending("not this one"u8.ToArray());
        Assert.False(_transport.IsWritingClosed);
        _mayWrite.Set();

        await Eventually.UntilAsync(() => _transport.IsWritingClosed);
        Assert.Equal(Enumerable.Range(0, link.Sent), Numbers());
        Assert.Equal("last"u8, Frames.Read([.. _transport.Written.SelectMany(written => written.Bytes)])[^1].Body);
        Assert.False(link.Threads.Ended.IsCompleted); // the other side ends the link
        Assert.Null(await link.EndAsync());
    }

    [Fact]
    public async Task Frames_are_received_however_they_are_cut_those_that_were_read_before_first()
    {
        using AttackedNode node = new(LinkRole.Parent);
        ConcurrentQueue<int> graces = new();
        node.Node.OnParentSaysGoodbye = grace => graces.Enqueue((int)grace.TotalMilliseconds);
        byte[] bytes = [.. Enumerable.Range(0, 20).SelectMany(i => Frames.Control(FrameKind.Goodbye, BitConverter.GetBytes(i)))];
        RunningLink link = new(node, _transport, LinkRole.Parent, leftover: bytes[..40]);
        for (int at = 40; at < bytes.Length; at += 13)
        {
            _transport.Feed(bytes[at..Math.Min(at + 13, bytes.Length)]);
        }

        await Eventually.UntilAsync(() => graces.Count == 20);
        Assert.Equal(Enumerable.Range(0, 20), graces);
        await link.EndAsync();
    }

    [Fact]
    public async Task Behind_a_last_word_nothing_is_read()
    {
        using AttackedNode node = new(LinkRole.Child);
        RunningLink link = new(node, _transport);
        _transport.Feed(Kernel.WriteLastWord(Beside, new DisconnectReason(DisconnectKind.Exited, "It was enough.")));
        _transport.Feed("no frame at all, which would end the link with an error"u8.ToArray());

        await link.Threads.Ended.InTimeAsync();

        Assert.Null(await link.Told.InTimeAsync());
        Assert.Equal("It was enough.", link.Link.LastWord?.Message);
    }

    [Fact]
    public async Task Before_the_silence_ends_the_link_the_last_frame_is_tried()
    {
        using AttackedNode node = new(LinkRole.Child, new KernelOptions { KeepAliveMilliseconds = 20, SilenceMilliseconds = 100 });
        RunningLink link = new(node, _transport, frameOnSilence: s_last);

        Assert.IsType<TimeoutException>(await link.Told.InTimeAsync());
        await link.Threads.Ended.InTimeAsync();
        Assert.Equal(s_last, _transport.Written.Last().Bytes);
    }

    [Fact]
    public async Task While_a_debugger_is_attached_the_silence_ends_nothing()
    {
        AttachedDebugger.Pretended = true;
        try
        {
            using AttackedNode node = new(LinkRole.Child, new KernelOptions { KeepAliveMilliseconds = 20, SilenceMilliseconds = 100 });
            RunningLink link = new(node, _transport);

            // So many signs of life that the time of the silence is over some times.
            await Eventually.UntilAsync(() => Frames.Read([.. _transport.Written.SelectMany(written => written.Bytes)]).Count > 20);
            Assert.False(link.Told.IsCompleted);

            AttachedDebugger.Pretended = false;
            Assert.IsType<TimeoutException>(await link.Told.InTimeAsync());
            await link.Threads.Ended.InTimeAsync();
        }
        finally
        {
            AttachedDebugger.Pretended = null;
        }
    }

    /// <summary>At first the writer has the turn, until it finds nothing to do.</summary>
    private void BecomesIdle(RunningLink link)
    {
        string name = Guid.NewGuid().ToString("N");
        OnThread(name, () => Eventually.Until(() =>
        {
            link.Send();
            return _transport.Written.Any(written => written.Thread == name);
        }));
        Eventually.Until(() => Numbers().Length == link.Sent);
    }

    private int[] Numbers() => NumbersOf([.. _transport.Written.SelectMany(written => written.Bytes)]);

    private static int[] NumbersOf(byte[] bytes) =>
        [.. Frames.Read(bytes).Where(f => f.Body.Length == sizeof(int) && !f.Body.AsSpan().SequenceEqual("last"u8)).Select(f => BitConverter.ToInt32(f.Body))];

    private static void OnThread(string name, Action body)
    {
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(body)) { Name = name };
        thread.Start();
        Assert.True(thread.Join(Eventually.Patience));
        Assert.Null(error);
    }

    /// <summary>A link beside the attacker's, or that one, with its threads.</summary>
    private sealed class RunningLink
    {
        private readonly AttackedNode _node;
        private readonly FakeTransport _transport;
        private readonly TaskCompletionSource<Exception?> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RunningLink(AttackedNode node, FakeTransport transport, LinkRole role = LinkRole.Child, byte[]? leftover = null, byte[]? frameOnSilence = null)
        {
            _node = node;
            _transport = transport;
            Link = role == LinkRole.Child ? node.AddBeside(Beside) : node.Link;
            Threads = new LinkThreads(node.Node.Hub, Link, transport, OnEnd) { FrameOnSilence = frameOnSilence ?? [] };
            new Thread(() => Threads.Run(leftover)) { IsBackground = true }.Start();
        }

        public Link Link { get; }

        public LinkThreads Threads { get; }

        /// <summary>What the owner was told when the link ended, which is told once.</summary>
        public Task<Exception?> Told => _told.Task;

        public int Sent { get; private set; }

        /// <summary>Sends a frame with a number.</summary>
        public void Send()
        {
            using HubLock locked = _node.Node.Hub.Enter();
            locked.Kernel.SendControl(Link, FrameKind.KeepAlive, BitConverter.GetBytes(Sent++));
        }

        /// <summary>The other side ends the link.</summary>
        public async Task<Exception?> EndAsync()
        {
            _transport.Feed();
            await Threads.Ended.InTimeAsync();
            Assert.True(_transport.IsDisposed);
            return await Told.InTimeAsync();
        }

        private void OnEnd(Exception? error)
        {
            _told.SetResult(error);
            using HubLock locked = _node.Node.Hub.Enter();
            locked.Kernel.LinkLost(Link, new DisconnectReason(DisconnectKind.LinkBroken, "It ended."));
        }
    }
}
