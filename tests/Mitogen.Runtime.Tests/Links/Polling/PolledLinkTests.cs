using System.Collections.Concurrent;
using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Links;
using Mitogen.Multiplexing;
using Mitogen.Processes;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Links.Polling;

/// <summary>Who reads and writes the bytes of a polled link, who does the work that comes of them, and how the link and the crew end.</summary>
public sealed class PolledLinkTests : IDisposable
{
    private const uint Beside = 77;

    private static readonly byte[] s_last = Frames.Control(FrameKind.KeepAlive, "last"u8);

    private readonly FakePoller _poller = new();
    private readonly FakePolledTransport _transport = new();
    private readonly AttackedNode _node = new(LinkRole.Child);
    private readonly TaskCompletionSource<Exception?> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LinkCrew? _crew;
    private PolledLink? _polled;
    private Link? _link;
    private int _sent;

    private PolledLink Polled => _polled!;

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_lone_frame_is_written_by_who_sends_it()
    {
        Start();

        OnThread("a caller", Send);

        Assert.Equal("a caller", Assert.Single(_transport.Written).Thread);
        Assert.Equal([0], Numbers());
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task What_does_not_fit_waits_for_room_and_what_is_sent_meanwhile_comes_behind_it()
    {
        Start();
        _transport.Fits = 10;
        for (int i = 0; i < 100; i++)
        {
            Send();
        }

        Assert.Equal(10, Assert.Single(_transport.Written).Bytes.Length);
        Assert.Equal(1, _transport.AsksForRoom);

        // Room for less than a frame, room for nothing, and no room that is told of twice.
        foreach (int room in (int[])[3, 0, 40, 1])
        {
            _transport.Fits = room;
            _transport.Tell(PollEvents.Writable);
            _transport.Tell(PollEvents.Writable);
            await Eventually.UntilAsync(() => _transport.AsksForRoom == 1 && _transport.Fits == 0);
        }

        _transport.Fits = int.MaxValue;
        _transport.Tell(PollEvents.Writable);
        await Eventually.UntilAsync(() => Numbers().Length == _sent);
        Assert.Equal(Enumerable.Range(0, _sent), Numbers());
        Assert.Equal(0, _transport.AsksForRoom);
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task The_last_frame_is_written_behind_all_else_and_then_writing_is_closed()
    {
        Start();
        _transport.Fits = 0;
        for (int i = 0; i < 100; i++)
        {
            Send();
        }

        Polled.CloseAfterSending(s_last);
        Polled.CloseAfterSending("not this one"u8.ToArray());
        Assert.False(_transport.IsWritingClosed);
        _transport.Fits = int.MaxValue;
        _transport.Tell(PollEvents.Writable);

        await Eventually.UntilAsync(() => _transport.IsWritingClosed);
        Assert.Equal(Enumerable.Range(0, _sent), Numbers());
        Assert.Equal("last"u8, Frames.Read([.. _transport.Written.SelectMany(written => written.Bytes)])[^1].Body);
        Assert.False(Polled.Ended.IsCompleted); // the other side ends the link
        Assert.Null(await EndAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Frames_are_received_in_order_by_one_reader_however_they_are_cut_and_however_often_it_is_told(int times)
    {
        using AttackedNode child = new(LinkRole.Parent);
        ConcurrentQueue<int> graces = new();
        child.Node.OnParentSaysGoodbye = grace => graces.Enqueue((int)grace.TotalMilliseconds);
        byte[] bytes = [.. Enumerable.Range(0, 50).SelectMany(i => Frames.Control(FrameKind.Goodbye, BitConverter.GetBytes(i)))];
        Start(child, child.Link, leftover: bytes[..40]);
        for (int at = 40; at < bytes.Length; at++)
        {
            _transport.Feed(bytes[at..(at + 1)], times);
        }

        await Eventually.UntilAsync(() => graces.Count == 50);
        Assert.Equal(Enumerable.Range(0, 50), graces);
        Assert.False(_transport.HadTwoReaders);
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task Behind_a_last_word_nothing_is_read()
    {
        Start();
        _transport.Feed(Kernel.WriteLastWord(Beside, new DisconnectReason(DisconnectKind.Exited, "It was enough.")));
        _transport.Feed("no frame at all, which would end the link with an error"u8.ToArray());

        await Polled.Ended.InTimeAsync();

        Assert.Null(await _told.Task.InTimeAsync());
        Assert.Equal("It was enough.", _link!.LastWord?.Message);
    }

    [Fact]
    public async Task An_abort_that_no_poller_sees_ends_the_link()
    {
        Start();
        _transport.Abort();

        await Polled.Ended.InTimeAsync();
        Assert.Null(await _told.Task.InTimeAsync());
        Assert.True(_transport.IsDisposed);
    }

    [Fact]
    public async Task A_link_that_only_cannot_be_written_to_ends_after_a_while()
    {
        Start();
        _transport.WriteFailure = new IOException("broken");

        Send();

        await Polled.Ended.InTimeAsync();
        Assert.Equal("broken", (await _told.Task.InTimeAsync())?.Message);
    }

    [Fact]
    public async Task Work_of_a_thread_that_blocks_is_done_also_when_the_last_link_has_gone()
    {
        Start();
        using ManualResetEventSlim gone = new();
        using ManualResetEventSlim done = new();
        TaskCompletionSource returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Feed(() =>
        {
            gone.Wait();
            WorkThread.Queue(new WorkItem(done.Set));
            if (done.Wait(Eventually.Patience))
            {
                returned.SetResult();
            }
        });
        _transport.Feed([]);
        await Polled.Ended.InTimeAsync();
        await Eventually.UntilAsync(() => _crew!.IsStopped);
        gone.Set();

        await returned.Task.InTimeAsync();
        await Eventually.UntilAsync(() => _poller.IsDisposed);
    }

    [Fact]
    public async Task Before_the_silence_ends_the_link_the_last_frame_is_tried()
    {
        using AttackedNode silent = new(LinkRole.Child, new KernelOptions { KeepAliveMilliseconds = 20, SilenceMilliseconds = 100 });
        Start(silent, silent.AddBeside(Beside), frameOnSilence: s_last);
        Assert.Equal(20, _poller.Interval);

        await Eventually.UntilAsync(() =>
        {
            _poller.Tell(PollToken.Timer);
            return Polled.Ended.IsCompleted;
        });
        Assert.IsType<TimeoutException>(await _told.Task.InTimeAsync());
        Assert.Equal(s_last, _transport.Written.Last().Bytes);
    }

    [Fact]
    public async Task Work_is_done_where_it_was_read_as_long_as_another_thread_is_free()
    {
        Start();
        Work work = new();

        // The first one never returns: the thread beside it reads, and one more takes its place.
        using ManualResetEventSlim blocked = new();
        await BlockAsync(blocked);
        Feed(work.Run);
        await Eventually.UntilAsync(() => work.Threads.Count == 1);
        Assert.NotEqual(LinkCrew.ThreadName, work.Threads.Last());

        await Eventually.UntilAsync(() => _poller.Waiting == 2);
        Feed(work.Run);
        await Eventually.UntilAsync(() => work.Threads.Count == 2);
        Assert.Equal(LinkCrew.ThreadName, work.Threads.Last());

        blocked.Set();
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task However_many_methods_never_return_the_link_is_read()
    {
        Start(maxThreads: 3);
        Work work = new();
        using ManualResetEventSlim blocked = new();
        for (int i = 0; i < 20; i++)
        {
            await BlockAsync(blocked);
            Feed(work.Run);
            await Eventually.UntilAsync(() => work.Threads.Count == i + 1);
        }

        blocked.Set();
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task A_thread_that_user_code_keeps_for_long_is_replaced()
    {
        Start(maxThreads: 2);
        Work work = new();
        using ManualResetEventSlim blocked = new();
        await BlockAsync(blocked);
        Feed(work.Run);
        await Eventually.UntilAsync(() => work.Threads.Count == 1);
        Assert.NotEqual(LinkCrew.ThreadName, work.Threads.Last());

        await Eventually.UntilAsync(() =>
        {
            Feed(work.Run);
            return work.Threads.Contains(LinkCrew.ThreadName);
        });
        blocked.Set();
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task Work_of_one_time_does_not_wait_behind_work_that_blocks()
    {
        Start();
        Work work = new();
        using ManualResetEventSlim blocked = new();
        Feed(() => blocked.Wait(), work.Run, work.Run);
        await Eventually.UntilAsync(() => _poller.Alarms == 1);
        Assert.Empty(work.Threads);

        int told = 0;
        await Eventually.UntilAsync(() =>
        {
            // It is set again as long as there is work.
            if (_poller.Alarms > told)
            {
                told++;
                _poller.Tell(PollToken.Alarm);
            }

            return work.Threads.Count == 2;
        });
        blocked.Set();
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task What_waits_for_the_writer_goes_together()
    {
        Start();
        _transport.Fits = 0;
        Send();
        for (int i = 0; i < 100; i++)
        {
            Send();
        }

        _transport.Fits = int.MaxValue;
        _transport.Tell(PollEvents.Writable);
        await Eventually.UntilAsync(() => Numbers().Length == _sent);
        Assert.Equal(Enumerable.Range(0, _sent), Numbers());
        Assert.Equal(2, _transport.Written.Count);
        Assert.Null(await EndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_what_work_sends_the_first_frame_goes_at_once_and_the_others_together_when_it_ends_or_blocks(bool blocks)
    {
        Start();
        List<int> seen = [];
        void SendSome()
        {
            for (int i = 0; i < 3; i++)
            {
                Send();
                seen.Add(_transport.Written.Count);
            }

            if (blocks)
            {
                using WorkThread.Blocking blocking = WorkThread.Block();
                seen.Add(_transport.Written.Count);
                Send(); // in a callback
                seen.Add(_transport.Written.Count);
            }
        }

        for (int times = 1; times <= 2; times++)
        {
            Feed(SendSome);
            await Eventually.UntilAsync(() => _transport.Written.Count == (blocks ? 3 : 2) * times && _poller.Waiting == 2);
        }

        Assert.Equal(blocks ? [1, 1, 1, 2, 3, 4, 4, 4, 5, 6] : [1, 1, 1, 3, 3, 3], seen);
        Assert.Equal(Enumerable.Range(0, _sent), Numbers());
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task What_work_that_lasts_has_sent_goes_when_the_alarm_tells()
    {
        Start();
        using ManualResetEventSlim lasts = new();
        Feed(() =>
        {
            Send();
            Send();
            lasts.Wait(); // what blocks in a way that nobody is told of
        });
        await Eventually.UntilAsync(() => _poller.Alarms == 1);
        Assert.Single(_transport.Written);

        _poller.Tell(PollToken.Alarm);
        await Eventually.UntilAsync(() => _transport.Written.Count == 2);
        lasts.Set();
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task A_blocked_thread_reads_its_answer_itself_and_no_other_reads_meanwhile()
    {
        Start();
        BlockingWaiter waiter = new();
        Work work = new();
        _transport.OnWait = () =>
        {
            _transport.Feed(Frames.Control(FrameKind.KeepAlive));
            _transport.Tell(PollEvents.Readable); // for nothing
            Eventually.Until(() => _poller.Waiting == 2);
            _transport.OnPiece = () =>
            {
                _transport.OnPiece = null;
                work.Run();
                waiter.Wake(); // by this thread, which needs no waking
            };
            return true;
        };

        OnThread("a caller", () => ((ILentLink)Polled).ReadFor(waiter));

        Assert.Equal(["a caller"], work.Threads);
        Assert.Equal(0, _transport.Interrupts);
        Assert.False(_transport.HadTwoReaders);
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task A_blocked_thread_that_reads_is_woken_by_who_has_something_for_it()
    {
        Start();
        BlockingWaiter waiter = new();
        _transport.OnWait = () =>
        {
            OnThread("another", waiter.Wake);
            Assert.Equal(1, _transport.Interrupts);
            return false;
        };

        OnThread("a caller", () => ((ILentLink)Polled).ReadFor(waiter));
        OnThread("a caller", () => ((ILentLink)Polled).ReadFor(waiter)); // there is something already: it does not begin

        Assert.Equal(1, _transport.Interrupts);
        Assert.Null(await EndAsync());
    }

    [Fact]
    public async Task The_end_of_the_link_may_be_read_by_a_blocked_thread()
    {
        Start();
        _transport.OnWait = () =>
        {
            _transport.Feed([]);
            return true;
        };

        OnThread("a caller", () => ((ILentLink)Polled).ReadFor(new BlockingWaiter()));

        await Polled.Ended.InTimeAsync();
        Assert.Null(await _told.Task.InTimeAsync());
    }

    [Fact]
    public async Task The_next_crew_begins_when_the_last_link_of_the_first_has_left()
    {
        LinkCrew first = LinkCrew.Shared();
        Start(crew: first);
        Assert.Same(first, LinkCrew.Shared());

        Polled.GiveUp(new IOException("given up"));

        await Polled.Ended.InTimeAsync();
        Assert.Equal("given up", (await _told.Task.InTimeAsync())?.Message);
        Assert.NotSame(first, LinkCrew.Shared());
    }

    private void Start(
        AttackedNode? node = null, Link? link = null, byte[]? leftover = null, byte[]? frameOnSilence = null, int maxThreads = 4, LinkCrew? crew = null)
    {
        node ??= _node;
        _link = link ?? node.AddBeside(Beside);
        _crew = crew ?? new LinkCrew(_poller, maxThreads);
        _polled = new PolledLink(node.Node.Hub, _link, _transport, error =>
        {
            _told.SetResult(error);
            using HubLock locked = node.Node.Hub.Enter();
            locked.Kernel.LinkLost(_link, new DisconnectReason(DisconnectKind.LinkBroken, "It ended."));
        })
        {
            Crew = _crew,
            FrameOnSilence = frameOnSilence ?? [],
        };
        _polled.Run(leftover);
        if (crew is null)
        {
            Eventually.Until(() => _poller.Waiting == 2); // the thread that looked for what is there already has found nothing
        }
    }

    /// <summary>The other side ends the link; with it the crew ends.</summary>
    private async Task<Exception?> EndAsync()
    {
        _transport.Feed([]);
        await Polled.Ended.InTimeAsync();
        Assert.True(_transport.IsDisposed);
        await Eventually.UntilAsync(() => _poller.IsDisposed);
        return await _told.Task.InTimeAsync();
    }

    /// <summary>Sends a frame with a number.</summary>
    private void Send()
    {
        using HubLock locked = _node.Node.Hub.Enter();
        locked.Kernel.SendControl(_link!, FrameKind.KeepAlive, BitConverter.GetBytes(_sent++));
    }

    /// <summary>A frame comes, of which this work comes.</summary>
    private void Feed(params Action[] work)
    {
        _transport.OnPiece = () =>
        {
            _transport.OnPiece = null;
            foreach (Action action in work)
            {
                WorkThread.Queue(new WorkItem(action));
            }
        };
        _transport.Feed(Frames.Control(FrameKind.KeepAlive));
        Eventually.Until(() => _transport.OnPiece is null);
    }

    /// <summary>A frame comes, of which a method comes that returns when the test says so.</summary>
    private async Task BlockAsync(ManualResetEventSlim until)
    {
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Feed(() =>
        {
            entered.SetResult();
            until.Wait();
        });
        await entered.Task.InTimeAsync();
    }

    private int[] Numbers() =>
        [.. Frames.Read([.. _transport.Written.SelectMany(written => written.Bytes)])
            .Where(f => f.Body.Length == sizeof(int) && !f.Body.AsSpan().SequenceEqual("last"u8)).Select(f => BitConverter.ToInt32(f.Body))];

    private static void OnThread(string name, Action body)
    {
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(body)) { Name = name };
        thread.Start();
        Assert.True(thread.Join(Eventually.Patience));
        Assert.Null(error);
    }

    private sealed class WorkItem(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }

    /// <summary>Work that tells who does it.</summary>
    private sealed class Work
    {
        public ConcurrentQueue<string?> Threads { get; } = new();

        public void Run() => Threads.Enqueue(Thread.CurrentThread.Name);
    }
}
