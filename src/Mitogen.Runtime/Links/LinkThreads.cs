using Mitogen.Calls;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Links;

/// <summary>
/// Moves a link's bytes with two threads of its own, <c>mitogen-read</c> and <c>mitogen-write</c>, which never run user code.
/// A lone small message is written by the thread that sends it, which spares a hand-off; all else goes in batches.
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

    // Guarded by the hub's lock.
    private bool _writing = true; // by the writer thread, until it first finds nothing to do
    private bool _waking;
    private bool _closing;
    private bool _isBusy;

    // What a sending thread could not write without blocking; owned by whoever has _writing.
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
        _tickTime = (hub.Options.KeepAliveMilliseconds, hub.Options.SilenceMilliseconds) switch
        {
            ( > 0, _) => hub.Options.KeepAliveMilliseconds,
            (_, > 0) => Math.Max(hub.Options.SilenceMilliseconds / 4, 1),
            _ => Timeout.Infinite,
        };
        link.Driver = this;
    }

    /// <summary>Completes when both threads have ended and the transport is disposed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts the writer, and reads on the calling thread until the link ends.</summary>
    /// <param name="leftover">Bytes that were read already.</param>
    public void Run(ReadOnlySpan<byte> leftover)
    {
        // The writer itself lets the time pass while it waits; the timer is for a writer that is blocked by a peer that does not read.
        using Timer watch = new(static link => ((LinkThreads)link!).Watch(), this, _tickTime, _tickTime);
        new Thread(Write) { IsBackground = true, Name = "mitogen-write" }.UnsafeStart();
        Read(leftover);
    }

    /// <summary>Writes what waits, then closes this side's sending. The other side ends the link.</summary>
    public void CloseAfterSending()
    {
        using (_hub.Enter())
        {
            _closing = true;
            Wake();
        }
    }

    void ILinkDriver.Wake() => Wake();

    /// <summary>After the lock: writes here if that can be done at once, else wakes the writer.</summary>
    void IDeferred.Run()
    {
        int count;
        using (_hub.Enter())
        {
            _waking = false;
            if (_writing)
            {
                return;
            }

            _writing = true;
            if (_closing || _link.Sender.HasSeveral || (_isBusy && _hub.Kernel.StreamCount > 1))
            {
                _signal.Set();
                return;
            }

            count = _link.Sender.Collect(_batch);
            _link.Pulse.Spoke = true;
        }

        WriteHere(count);
    }

    private void Wake()
    {
        if (!_writing && !_waking)
        {
            _waking = true;
            _hub.Defer(this);
        }
    }

    private void WriteHere(int count)
    {
        int written = 0;
        try
        {
            while (written < count && _transport.TryWrite(_batch.AsSpan(written, count - written)) is var taken and > 0)
            {
                written += taken;
            }
        }
        catch (IOException)
        {
            // The link is broken: the reader sees it too, and says so.
            return;
        }

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
        try
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(ReadSize);
            Receive(leftover);
            for (int count; (count = _transport.Read(buffer)) > 0;)
            {
                Receive(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ProtocolViolationException or ObjectDisposedException)
        {
            error = e;
        }

        End(error);
    }

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        using (_hub.Enter())
        {
            // Frames that come together have answers that go together, which is the writer's work.
            _isBusy = _hub.Kernel.Receive(_link, bytes) > 1;
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
            // What the peer wrote before it went is still to be read; the reader then says why, unless only this direction is broken.
            error = e;
            _ = _signal.Wait(ReaderTime);
        }
        catch (TimeoutException e)
        {
            error = e;
        }
        catch (ObjectDisposedException)
        {
            // The reader saw the end first.
        }

        if (error is not null)
        {
            Report(error);
            _transport.Abort();
        }

        ThreadEnded();
    }

    /// <summary>A timer's thread: ends the link if nothing was heard of it for too long.</summary>
    private void Watch()
    {
        try
        {
            using (_hub.Enter())
            {
                Tick();
            }
        }
        catch (TimeoutException e)
        {
            Report(e);
            _transport.Abort();
        }
    }

    /// <exception cref="TimeoutException">The other end does not count as alive any more.</exception>
    private void Tick()
    {
        if (!_link.IsClosed && !_hub.Kernel.Tick(_link, Environment.TickCount64))
        {
            throw new TimeoutException("Nothing was heard of it for longer than the option KeepAliveTimeout allows.");
        }
    }

    /// <summary>Waits until there is something to write, and lets the time pass meanwhile.</summary>
    private void WaitForWork()
    {
        while (!_signal.Wait(_tickTime))
        {
            using (_hub.Enter())
            {
                Tick();
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
        using (_hub.Enter())
        {
            if (_link.IsClosed)
            {
                return false;
            }

            Tick();
            count = _link.Sender.Collect(_batch);
            _link.Pulse.Spoke = count > 0;
            if (count == 0)
            {
                if (_closing)
                {
                    return false;
                }

                _writing = false;
            }
        }

        if (count > 0)
        {
            _transport.Write(_batch.AsSpan(0, count));
        }
        else
        {
            WaitForWork();
        }

        return true;
    }

    private void End(Exception? error)
    {
        Report(error);
        _transport.Abort();
        _signal.Set();
        ThreadEnded();
    }

    private void Report(Exception? error)
    {
        if (Interlocked.Exchange(ref _endReported, 1) == 0)
        {
            _onEnd(error);
        }
    }

    private void ThreadEnded()
    {
        if (Interlocked.Decrement(ref _threads) == 0)
        {
            _transport.Dispose();
            _ended.SetResult();
        }
    }
}
