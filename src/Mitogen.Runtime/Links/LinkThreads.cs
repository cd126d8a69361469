using Mitogen.Calls;
using Mitogen.Interop;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Links;

/// <summary>
/// Moves a link's bytes, whose transport cannot be waited for together with others, with two threads of its own, <c>mitogen-read</c> and
/// <c>mitogen-write</c>, which never run user code. A lone small message is written by the thread that sends it, which spares a hand-off; all
/// else goes in batches.
/// </summary>
/// <param name="hub">The context's calls.</param>
/// <param name="link">The link, not yet added to the kernel or just now.</param>
/// <param name="transport">The bytes; disposed when both threads have ended.</param>
/// <param name="onEnd">
/// Called once, on a link thread, when the link has ended: with what broke it, or null at the end of the stream.
/// </param>
internal sealed class LinkThreads(CallHub hub, Link link, ILinkTransport transport, Action<Exception?> onEnd)
    : LinkDriver(hub, link, transport, onEnd)
{
    private const int ReadSize = 64 * 1024;
    private const int BatchSize = 72 * 1024;

    // How long, in milliseconds, the reader has to find out why a write failed.
    private const int ReaderTime = 1000;

    private readonly byte[] _batch = GC.AllocateUninitializedArray<byte>(BatchSize);
    private readonly WakeSignal _signal = new();
    private readonly int _tickTime = hub.Options.TickMilliseconds;
    private int _threads = 2;

    // The bytes that a sending thread could not write without blocking; owned by whoever has IsWriting.
    private int _tailStart;
    private int _tailEnd;

    /// <summary>Starts the writer, and reads on the calling thread until the link ends.</summary>
    /// <param name="leftover">Bytes that were read already.</param>
    public override void Run(ReadOnlySpan<byte> leftover)
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

    public override void GiveUp(Exception error) => Fail(error);

    /// <summary>After the lock: writes here if that can be done at once, else wakes the writer.</summary>
    protected override void Send()
    {
        int count;
        using (HubLock locked = Hub.Enter())
        {
            TakeTurn();
            if (IsWriting)
            {
                return;
            }

            IsWriting = true;
            if (IsClosing || Link.Sender.HasSeveral || (IsBusy && locked.Kernel.StreamCount > 1))
            {
                _signal.Set();
                return;
            }

            if (!TryCollect(locked, _batch, out count))
            {
                return;
            }

            Link.Pulse.Spoke = true;
        }

        WriteHere(count);
    }

    private void WriteHere(int count)
    {
        int written = 0;
#pragma warning disable CA1031 // the thread is a caller's, or another link's: what goes wrong here is not theirs to see
        try
        {
            while (written < count && Transport.TryWrite(_batch.AsSpan(written, count - written)) is var taken and > 0)
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

        using (Hub.Enter())
        {
            (_tailStart, _tailEnd) = (written, count);
            if (written < count || IsClosing || Link.Sender.HasWork)
            {
                _signal.Set();
            }
            else
            {
                IsWriting = false;
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
            for (int count; goesOn && (count = Transport.Read(buffer)) > 0;)
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

    private void Write()
    {
        Exception? error = null;
        try
        {
            while (WriteBatch())
            {
            }

            Transport.CloseWriting();
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
            using (HubLock locked = Hub.Enter())
            {
                IsDebugged = AttachedDebugger.IsThere;
                TickOrThrow(locked, canWrite: !IsWriting);
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
#pragma warning restore CA1031
    }

    /// <exception cref="TimeoutException">The other end does not count as alive any more.</exception>
    private void TickOrThrow(in HubLock locked, bool canWrite)
    {
        if (Tick(locked, canWrite) is { } silence)
        {
            throw silence;
        }
    }

    /// <summary>Waits until there is something to write, and lets the time pass meanwhile.</summary>
    private void WaitForWork()
    {
        while (!_signal.Wait(_tickTime))
        {
            using (HubLock locked = Hub.Enter())
            {
                IsDebugged = AttachedDebugger.IsThere;
                TickOrThrow(locked, canWrite: !IsWriting);
                if (!IsWriting)
                {
                    IsWriting = true; // there is a sign of life to send, maybe; a sending thread that is at it gives the turn itself
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
            Transport.Write(_batch.AsSpan(start, end - start));
        }

        int count;
        bool goesOn = true;
        using (HubLock locked = Hub.Enter())
        {
            if (Link.IsClosed)
            {
                return false;
            }

            TickOrThrow(locked, canWrite: true);
            count = Link.Sender.Collect(_batch);
            Link.Pulse.Spoke = count > 0;
            if (count == 0)
            {
                goesOn = !IsClosing;
                IsWriting = IsClosing;
            }
        }

        if (!goesOn)
        {
            Transport.Write(LastFrame);
        }
        else if (count > 0)
        {
            Transport.Write(_batch.AsSpan(0, count));
        }
        else
        {
            WaitForWork();
        }

        return goesOn;
    }

    private void End(Exception? error)
    {
        Report(error);
        Transport.Abort();
        _signal.Set();
        ThreadEnded();
    }

    private void Fail(Exception error)
    {
        Report(error);
        Transport.Abort();
    }

    private void ThreadEnded()
    {
        if (Interlocked.Decrement(ref _threads) == 0)
        {
            Finish();
        }
    }
}
