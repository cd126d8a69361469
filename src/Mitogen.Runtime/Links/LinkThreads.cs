using Mitogen.Calls;
using Mitogen.Interop;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Links;

/// <summary>
/// Moves a link's bytes with two threads of its own, <c>mitogen-read</c> and <c>mitogen-write</c>, which never run user code.
/// A lone small message is written by the thread that sends it, which spares a hand-off; all else goes in batches. Whatever fails on
/// one of its threads ends this link and nothing else.
/// </summary>
internal sealed class LinkThreads : ILinkDriver, IDeferred
{
    private const int ReadSize = 64 * 1024;
    private const int BatchSize = 72 * 1024;

    // How long, in milliseconds, the reader has to find out why a write failed.
    private const int ReaderTime = 1000;

    private readonly CallHub _hub;
    private readonly Link _link;
    private readonly ILinkTransport _transport;
    private readonly Action<Exception?> _onEnd;
    private readonly byte[] _batch = GC.AllocateUninitializedArray<byte>(BatchSize);
    private readonly WakeSignal _signal = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _tickTime;
    private int _threads = 2;
    private int _endReported;
    private volatile Exception? _failure;

    // Guarded by the hub's lock.
    private bool _writing = true; // by the writer thread, until it first finds nothing to do
    private bool _waking;
    private bool _closing;
    private bool _isBusy;
    private byte[] _lastFrame = [];
    private bool _isDebugged = AttachedDebugger.IsThere; // looked at when time passes, not with each batch

    // The bytes that a sending thread could not write without blocking; owned by whoever has _writing.
    private int _tailStart;
    private int _tailEnd;

    /// <param name="hub">The context's calls.</param>
    /// <param name="link">The link, not yet added to the kernel or just now.</param>
    /// <param name="transport">The bytes; disposed when both threads have ended.</param>
    /// <param name="onEnd">
    /// Called once, on a link thread, when the link has ended: with what broke it, or null at the end of the stream.
    /// </param>
    public LinkThreads(CallHub hub, Link link, ILinkTransport transport, Action<Exception?> onEnd)
    {
        _hub = hub;
        _link = link;
        _transport = transport;
        _onEnd = onEnd;
        _tickTime = hub.Options.TickMilliseconds;
        link.Driver = this;
    }

    /// <summary>A frame to send, if that can be done at once, before the link ends because nothing was heard of the other end.</summary>
    public byte[] FrameOnSilence { get; init; } = [];

    /// <summary>Completes when both threads have ended and the transport is disposed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts the writer, and reads on the calling thread until the link ends.</summary>
    /// <param name="leftover">Bytes that were read already.</param>
    public void Run(ReadOnlySpan<byte> leftover)
    {
        // The writer itself lets the time pass while it waits; the timer is for a writer that is blocked by a peer that does not read.
        Timer? watch = null;
        try
        {
            watch = new Timer(static link => ((LinkThreads)link!).Watch(), this, _tickTime, _tickTime); // makes the thread of all timers, if it is the first
            _ = OwnThread.Start("mitogen-write", Write);
        }
        catch (Exception e) when (e is IOException or OutOfMemoryException)
        {
            watch?.Dispose();
            End(e);
            ThreadEnded();
            return;
        }

        using (watch)
        {
            Read(leftover);
        }
    }

    /// <summary>Writes what waits, then closes this side's sending. The other side ends the link.</summary>
    /// <param name="lastFrame">The frame that is written behind all else.</param>
    public void CloseAfterSending(byte[] lastFrame)
    {
        using (HubLock locked = _hub.Enter())
        {
            if (_closing)
            {
                return;
            }

            _closing = true;
            _lastFrame = lastFrame;
            Wake(locked);
        }
    }

    /// <summary>Ends the link without its threads, which will not come back from the transport.</summary>
    /// <param name="error">What broke it.</param>
    public void GiveUp(Exception error) => Fail(error);

    void ILinkDriver.Wake() => Wake(_hub.Held());

    /// <summary>After the lock, the reader is woken by the end of the stream and finds the violation.</summary>
    void ILinkDriver.Cut() => _hub.Held().Defer(new Cutter(_transport));

    /// <summary>After the lock: writes here if that can be done at once, else wakes the writer.</summary>
    void IDeferred.Run()
    {
        int count;
        using (HubLock locked = _hub.Enter())
        {
            _waking = false;
            if (_writing)
            {
                return;
            }

            _writing = true;
            if (_closing || _link.Sender.HasSeveral || (_isBusy && locked.Kernel.StreamCount > 1))
            {
                _signal.Set();
                return;
            }

            if (!TryCollect(locked, out count))
            {
                return;
            }

            _link.Pulse.Spoke = true;
        }

        WriteHere(count);
    }

    private void Wake(in HubLock locked)
    {
        if (!_writing && !_waking)
        {
            _waking = true;
            locked.Defer(this);
        }
    }

    private void WriteHere(int count)
    {
        int written = 0;
#pragma warning disable CA1031 // the thread is a caller's, or another link's: what goes wrong here is not theirs to see
        try
        {
            while (written < count && _transport.TryWrite(_batch.AsSpan(written, count - written)) is var taken and > 0)
            {
                written += taken;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The link is broken: the reader sees it too, and says so.
            return;
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }
#pragma warning restore CA1031

        using (_hub.Enter())
        {
            (_tailStart, _tailEnd) = (written, count);
            if (written < count || _closing || _link.Sender.HasWork)
            {
                _signal.Set();
            }
            else
            {
                _writing = false;
            }
        }
    }

    private void Read(ReadOnlySpan<byte> leftover)
    {
        Exception? error = null;
#pragma warning disable CA1031 // whatever it is, it came of what was received: this link ends
        try
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(ReadSize);
            bool goesOn = Receive(leftover);
            for (int count; goesOn && (count = _transport.Read(buffer)) > 0;)
            {
                goesOn = Receive(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e)
        {
            error = e;
        }
#pragma warning restore CA1031

        End(error);
    }

    /// <returns>Whether anything comes behind it. A tool that keeps the other direction open does not show that a child has ended; its last word does.</returns>
    private bool Receive(ReadOnlySpan<byte> bytes)
    {
        using (HubLock locked = _hub.Enter())
        {
            // Frames that come together have answers that go together, which is the writer's work.
            _isBusy = locked.Kernel.Receive(_link, bytes) > 1;
            return _link.LastWord is null;
        }
    }

    private void Write()
    {
        Exception? error = null;
        try
        {
            while (WriteBatch())
            {
            }

            _transport.CloseWriting();
        }
        catch (IOException e)
        {
            // The bytes that the peer wrote before it went are still to be read; the reader then says why, unless only this direction is
            // broken.
            error = e;
            _ = _signal.Wait(ReaderTime);
        }
        catch (ObjectDisposedException)
        {
            // The reader saw the end first.
        }
#pragma warning disable CA1031 // a thread of the runtime's own ends the link and not the process
        catch (Exception e)
        {
            error = e;
        }
#pragma warning restore CA1031

        if (error is not null)
        {
            Fail(error);
        }

        ThreadEnded();
    }

    /// <summary>A timer's thread: ends the link if nothing was heard of it for too long.</summary>
    private void Watch()
    {
#pragma warning disable CA1031 // nobody is above a timer: an exception would end the process
        try
        {
            using (HubLock locked = _hub.Enter())
            {
                _isDebugged = AttachedDebugger.IsThere;
                Tick(locked, canWrite: !_writing);
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
#pragma warning restore CA1031
    }

    /// <param name="locked">The lock.</param>
    /// <param name="canWrite">Whether nobody is in the middle of writing, or the caller is who writes.</param>
    /// <exception cref="TimeoutException">The other end does not count as alive any more.</exception>
    private void Tick(in HubLock locked, bool canWrite)
    {
        if (!_link.IsClosed && !locked.Kernel.Tick(_link, Environment.TickCount64, _isDebugged))
        {
            if (canWrite)
            {
                WriteOnSilence();
            }

            throw new TimeoutException(
                $"Nothing was heard of it for {TimeSpan.FromMilliseconds(_hub.Options.SilenceMilliseconds)} (the option KeepAliveTimeout): the network is cut, " +
                "or the machine or the process stands still.");
        }
    }

    private void WriteOnSilence()
    {
        _writing = true;
        try
        {
            _ = _transport.TryWrite(FrameOnSilence);
        }
        catch (IOException)
        {
            // The link is broken as well: nobody is there to be told.
        }
    }

    /// <summary>Waits until there is something to write, and lets the time pass meanwhile.</summary>
    private void WaitForWork()
    {
        while (!_signal.Wait(_tickTime))
        {
            using (HubLock locked = _hub.Enter())
            {
                _isDebugged = AttachedDebugger.IsThere;
                Tick(locked, canWrite: !_writing);
                if (!_writing)
                {
                    _writing = true; // there is a sign of life to send, maybe; a sending thread that is at it gives the turn itself
                    return;
                }
            }
        }
    }

    /// <returns>Whether to go on.</returns>
    private bool WriteBatch()
    {
        if (_tailEnd > _tailStart)
        {
            (int start, int end) = (_tailStart, _tailEnd);
            _tailStart = _tailEnd = 0;
            _transport.Write(_batch.AsSpan(start, end - start));
        }

        int count;
        bool goesOn = true;
        using (HubLock locked = _hub.Enter())
        {
            if (_link.IsClosed)
            {
                return false;
            }

            Tick(locked, canWrite: true);
            count = _link.Sender.Collect(_batch);
            _link.Pulse.Spoke = count > 0;
            if (count == 0)
            {
                goesOn = !_closing;
                _writing = _closing;
            }
        }

        if (!goesOn)
        {
            _transport.Write(_lastFrame);
        }
        else if (count > 0)
        {
            _transport.Write(_batch.AsSpan(0, count));
        }
        else
        {
            WaitForWork();
        }

        return goesOn;
    }

    /// <summary>Fills the batch on a thread that is not the link's own.</summary>
    private bool TryCollect(in HubLock locked, out int count)
    {
#pragma warning disable CA1031 // as for what is written there
        try
        {
            count = _link.Sender.Collect(_batch);
            return true;
        }
        catch (Exception e)
        {
            locked.Defer(new Cutter(_transport));
            _failure = e;
            count = 0;
            return false;
        }
#pragma warning restore CA1031
    }

    private void End(Exception? error)
    {
        Report(error);
        _transport.Abort();
        _signal.Set();
        ThreadEnded();
    }

    private void Fail(Exception error)
    {
        Report(error);
        _transport.Abort();
    }

    private void Report(Exception? error)
    {
        if (Interlocked.Exchange(ref _endReported, 1) != 0)
        {
            return;
        }

#pragma warning disable CA1031 // a link's end is told on threads above which nobody is
        try
        {
            _onEnd(Explain(_link.Violation ?? _failure ?? error));
        }
        catch (Exception e)
        {
            _hub.Host.OnFailure(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// An error that nobody foresaw came of received bytes, and ends the link as a broken protocol does; the log has the whole of it.
    /// </summary>
    private Exception? Explain(Exception? error)
    {
        if (error is null or IOException or TimeoutException or ProtocolBrokenException or ObjectDisposedException)
        {
            return error;
        }

        _hub.Host.OnFailure(error);
        return new ProtocolBrokenException($"What it sent could not be handled: {error.GetType().Name}: {error.Message}");
    }

    private void ThreadEnded()
    {
        if (Interlocked.Decrement(ref _threads) == 0)
        {
            _transport.Dispose();
            _ended.SetResult();
        }
    }

    /// <summary>Wakes a reader, once the lock is released, by the end of what it reads.</summary>
    private sealed class Cutter(ILinkTransport transport) : IDeferred
    {
        public void Run() => transport.Abort();
    }
}
