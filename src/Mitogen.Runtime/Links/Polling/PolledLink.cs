using Mitogen.Calls;
using Mitogen.Interop;
using Mitogen.Processes;
using Mitogen.Routing;

namespace Mitogen.Links;

/// <summary>
/// Moves a link's bytes with the threads that all such links of the process share (<see cref="LinkCrew"/>). A lone small message is written by
/// the thread that sends it; all else goes in batches, which a thread of the crew writes.
/// </summary>
internal sealed class PolledLink(CallHub hub, Link link, IPolledTransport transport, Action<Exception?> onEnd)
    : LinkDriver(hub, link, transport, onEnd), ILentLink
{
    // So many streams may wait for a thread that holds frames back.
    private const int MaxHeld = 64;

    // So many batches are written, and so many pieces read, before other links have their turn.
    private const int MaxAtOnce = 16;

    // How long, in milliseconds, a blocked thread reads the link: to wake it later costs little beside that.
    private const int LentTime = 5;

    // How long, in milliseconds, the reader has to find out why a write failed.
    private const int ReaderTime = 1000;

    private LinkCrew _crew = null!; // null if the link never ran; set before IsWriting is first cleared, and before the poller tells of the link
    private int _ending;

    // How often the crew heard of something to read and has not looked since. Whoever makes it one is the reader, until it is none.
    private int _toRead;
    private volatile bool _isOver;
    private int _asksForRoom;

    // 1: a thread of the crew is the writer as soon as its work is done; or whoever makes it 0 before.
    private int _held;

    // Both owned by whoever has IsWriting.
    private readonly UnwrittenBatch _batch = new(transport);
    private bool _isLast;

    /// <summary>The crew that moves its bytes, instead of the one that all links of the process share.</summary>
    public LinkCrew? Crew { get; init; }

    /// <summary>How often its time passes, in milliseconds; <see cref="Timeout.Infinite"/>: never.</summary>
    public int TickTime { get; } = hub.Options.TickMilliseconds;

    /// <summary>When its time passes next, by <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/>: never. Owned by who lets it pass.</summary>
    public long NextTick { get; private set; } = long.MaxValue;

    /// <summary>The number by which the crew knows the link. Owned by the crew.</summary>
    public int Place { get; set; }

    /// <summary>Lets the crew move the bytes; returns at once.</summary>
    public override void Run(ReadOnlySpan<byte> leftover)
    {
        _toRead = 1; // nothing is read before the bytes that were read already
#pragma warning disable CA1031 // whatever it is, it came of what was received, or of what the system does not have: this link ends
        try
        {
            if (!Receive(leftover))
            {
                BeginEnd(null);
                return;
            }

            if (TickTime != Timeout.Infinite)
            {
                NextTick = Environment.TickCount64 + TickTime;
            }

            LinkCrew crew;
            do
            {
                crew = Crew ?? LinkCrew.Shared();
            }
            while (!crew.TryAdd(this));

            _crew = crew;
            transport.WatchReading(_crew.Poller, (ulong)Place, OnAborted);
            using (HubLock locked = Hub.Enter())
            {
                IsWriting = false;
                Wake(locked);
            }

            _crew.Post(this, LinkJob.Read);
        }
        catch (Exception e)
        {
            BeginEnd(e);
        }
#pragma warning restore CA1031
    }

    public override void GiveUp(Exception error) => BeginEnd(error);

    /// <summary>After the lock: writes here if that can be done at once, else leaves it to the crew.</summary>
    protected override void Send()
    {
        byte[]? batch = null;
        int count = 0;
        bool isHere;
        using (HubLock locked = Hub.Enter())
        {
            TakeTurn();
            isHere = IsWriting && TryLetGo();
            if (IsWriting && !isHere)
            {
                return;
            }

            IsWriting = true;
            CrewThread? thread = WorkThread.Current is CrewThread { Holds: true } current && current.Crew == _crew ? current : null;
            bool waitsForMore = !isHere && IsBusy && locked.Kernel.StreamCount > 1;
            if (thread is not null && !isHere && (waitsForMore || thread.HasSentBy(this)))
            {
                _held = 1;
                thread.Hold(this);
                return;
            }

            if (!isHere && !IsClosing && !waitsForMore && !Link.Sender.HasSeveral)
            {
                batch = Batches.Rent();
                if (!TryCollect(locked, batch, out count))
                {
                    return;
                }

                Link.Pulse.Spoke = true;
                thread?.NoteSent(this);
            }
        }

        if (batch is not null)
        {
            WriteHere(batch, count);
        }
        else if (isHere)
        {
            OnJob(LinkJob.Write, null); // so much was held back that it is worth it
        }
        else
        {
            _crew.Post(this, LinkJob.Write);
        }
    }

    /// <summary>The blocked thread is the reader meanwhile. Work that comes of what it reads is not its own, and goes to the pool.</summary>
    void ILentLink.ReadFor(BlockingWaiter waiter)
    {
        if (Interlocked.CompareExchange(ref _toRead, 1, 0) != 0)
        {
            return;
        }

        byte[] buffer = Batches.Rent();
        bool goesOn = true;
#pragma warning disable CA1031 // what goes wrong here is not the caller's to see: the link ends, and the call with it
        try
        {
            transport.PauseReading();
            if (waiter.BeginReading(this))
            {
                goesOn = !transport.WaitReadable(LentTime)
                    || (transport.TryRead(buffer) is var count && count != 0 && (count < 0 || Receive(buffer.AsSpan(0, count))));
                waiter.EndReading();
            }

            transport.ResumeReading();
        }
        catch (Exception e)
        {
            waiter.EndReading();
            BeginEnd(e);
            return; // still as the reader
        }
#pragma warning restore CA1031

        Batches.Return(buffer);
        if (!goesOn)
        {
            BeginEnd(null);
        }
        else if (Interlocked.Decrement(ref _toRead) > 0)
        {
            _crew.Post(this, LinkJob.Read);
        }
    }

    void ILentLink.Interrupt() => transport.Interrupt();

    /// <summary>Something has happened with the descriptors; on a thread of the crew.</summary>
    public void OnEvents(PollEvents events, CrewThread thread)
    {
        const PollEvents Over = PollEvents.Error | PollEvents.HungUp | PollEvents.PeerClosed;
        if ((events & Over) != 0)
        {
            _isOver = true;
        }

        if (_asksForRoom != 0 && (events & (PollEvents.Writable | Over)) != 0 && Interlocked.Exchange(ref _asksForRoom, 0) != 0)
        {
            OnJob(LinkJob.Room, thread);
        }

        if ((events & (PollEvents.Readable | Over)) != 0 && Interlocked.Increment(ref _toRead) == 1)
        {
            OnJob(LinkJob.Read, thread);
        }
    }

    /// <summary>There is a thread for this; one of the crew's, if it is to read.</summary>
    public void OnJob(LinkJob job, CrewThread? thread)
    {
#pragma warning disable CA1031 // the thread moves the bytes of all links: what one of them does ends that one
        try
        {
            switch (job)
            {
                case LinkJob.Read:
                    Read(thread!);
                    break;
                case LinkJob.Room:
                    transport.IgnoreRoom();
                    Write();
                    break;
                default:
                    Write();
                    break;
            }
        }
        catch (Exception e) when (job != LinkJob.Read && e is IOException or ObjectDisposedException)
        {
            _ = BreakAsync(e);
        }
        catch (Exception e)
        {
            BeginEnd(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>Time has passed; on a thread of the crew.</summary>
    public void OnTime(long now)
    {
        if (now < NextTick)
        {
            return;
        }

        NextTick = now + TickTime;
        Exception? end;
#pragma warning disable CA1031 // as for all that the crew does
        try
        {
            using (HubLock locked = Hub.Enter())
            {
                IsDebugged = AttachedDebugger.IsThere;
                end = Tick(locked, canWrite: !IsWriting);
            }
        }
        catch (Exception e)
        {
            end = e;
        }
#pragma warning restore CA1031

        if (end is not null)
        {
            BeginEnd(end);
        }
    }

    /// <summary>Whether a thread of the crew holds frames back.</summary>
    public bool IsHeld => Volatile.Read(ref _held) != 0;

    /// <summary>What was held back is written, unless another thread has done that.</summary>
    public void LetGo()
    {
        if (TryLetGo())
        {
            OnJob(LinkJob.Write, null);
        }
    }

    protected override bool IsOverdue => IsHeld && Link.Sender.Waiting >= MaxHeld;

    private bool TryLetGo() => IsHeld && Interlocked.Exchange(ref _held, 0) != 0;

    private void OnAborted()
    {
        if (Interlocked.Increment(ref _toRead) == 1)
        {
            _crew.Post(this, LinkJob.Read);
        }
    }

    /// <summary>Reads what there is. The reader is on this thread, and goes on with another one if there is much.</summary>
    private void Read(CrewThread thread)
    {
        byte[] buffer = thread.Buffer;
        for (int pieces = 0; ; pieces++)
        {
            int seen = Volatile.Read(ref _toRead);
            if (pieces == MaxAtOnce)
            {
                _crew.Post(this, LinkJob.Read);
                return;
            }

            int count = transport.TryRead(buffer);
            if (count == 0 || (count > 0 && !Receive(buffer.AsSpan(0, count))))
            {
                BeginEnd(null);
                return; // still as the reader: nobody reads any more
            }

            // A socket and a pipe give all that they have; the end of the stream alone is behind it.
            bool isEmpty = count < 0 || (count < buffer.Length && !_isOver);
            if (isEmpty && Interlocked.Add(ref _toRead, -seen) == 0)
            {
                return;
            }

            if (count == buffer.Length)
            {
                thread.SendWorkAway(); // it does not wait for all that is still to be read
            }
        }
    }

    /// <summary>Writes on a thread that is a caller's, or another link's: what goes wrong here is not theirs to see.</summary>
    private void WriteHere(byte[] batch, int count)
    {
#pragma warning disable CA1031
        try
        {
            _batch.Set(batch, count);
            if (!_batch.TryWrite())
            {
                AskForRoom();
                return;
            }

            bool goesOn;
            using (Hub.Enter())
            {
                IsWriting = goesOn = IsClosing || Link.Sender.HasWork;
            }

            if (goesOn)
            {
                _crew.Post(this, LinkJob.Write);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _ = BreakAsync(e);
        }
        catch (Exception e)
        {
            BeginEnd(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>Writes what waits, as much as fits and as may be at once.</summary>
    private void Write()
    {
        for (int batches = 0; batches < MaxAtOnce; batches++)
        {
            if (!_batch.TryWrite())
            {
                AskForRoom();
                return;
            }

            if (_isLast)
            {
                transport.CloseWriting();
                return;
            }

            if (!Collect())
            {
                return;
            }
        }

        _crew.Post(this, LinkJob.Write);
    }

    /// <returns>Whether there is something to write.</returns>
    private bool Collect()
    {
        byte[] batch = Batches.Rent();
        bool closes;
        using (Hub.Enter())
        {
            int count = Link.IsClosed ? 0 : Link.Sender.Collect(batch);
            if (count > 0)
            {
                Link.Pulse.Spoke = true;
                _batch.Set(batch, count);
                return true;
            }

            closes = IsClosing; // who is told to close later finds the turn free
            IsWriting = closes || Link.IsClosed;
        }

        Batches.Return(batch);
        if (closes)
        {
            _isLast = true;
            _batch.Set(LastFrame, LastFrame.Length);
        }

        return closes;
    }

    private void AskForRoom()
    {
        Volatile.Write(ref _asksForRoom, 1);
        transport.WatchRoom();
    }

    /// <summary>
    /// Nothing is written any more. The reader finds out why, by what the peer wrote before it went; but for a while only, because where nothing but
    /// the direction away from here is broken it never does.
    /// </summary>
    private async Task BreakAsync(Exception error)
    {
        await Ended.WaitAsync(TimeSpan.FromMilliseconds(ReaderTime)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        BeginEnd(error);
    }

    /// <summary>Ends the link, on a thread that may block.</summary>
    private void BeginEnd(Exception? error)
    {
        if (Interlocked.Exchange(ref _ending, 1) != 0)
        {
            return;
        }

        try
        {
            _ = OwnThread.Start("mitogen-end-link", () => End(error));
        }
        catch (IOException)
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(end => End(end), error, preferLocal: false);
        }
    }

    private void End(Exception? error)
    {
        Report(error);
        transport.Dispose(); // before the crew goes, with whose poller it is registered
        _crew?.Leave(this);
        Finish();
    }
}
