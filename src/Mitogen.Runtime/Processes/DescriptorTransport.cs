using System.Runtime.InteropServices;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>
/// A link over a socket or two pipes. No descriptor is ever made non-blocking: that flag belongs to the open file, which other
/// processes share. A blocked call on a socket is ended by shutdown(2), so it costs no poll; on a pipe by an event polled beside it.
/// </summary>
internal sealed unsafe class DescriptorTransport : IPolledTransport
{
    private readonly Descriptor _read;
    private readonly Descriptor _write;
    private readonly bool _readIsSocket;
    private readonly bool _writeIsSocket;
    private readonly PipeRoom? _room; // null: it is written to a socket
    private readonly Descriptor? _abortEvent;
    private readonly Lock _gate = new();
    private volatile bool _aborted; // written under _gate
    private WatchedDescriptors? _watched; // under _gate
    private Action? _onAborted; // under _gate
    private Descriptor? _interrupt; // under _gate; there with _watched, so that no wait fails or misses an interrupt for want of it

    /// <summary>Takes over both descriptors; they may be one and the same.</summary>
    public DescriptorTransport(Descriptor read, Descriptor write)
    {
        _read = read;
        _write = write;
        using (Descriptor.Lease fd = read.Use())
        {
            _readIsSocket = Descriptor.IsSocket(fd.Fd);
        }

        using (Descriptor.Lease fd = write.Use())
        {
            _writeIsSocket = Descriptor.IsSocket(fd.Fd);
            _room = _writeIsSocket ? null : new PipeRoom(fd.Fd);
        }

        if (!_readIsSocket || !_writeIsSocket)
        {
            _abortEvent = Descriptor.Event();
        }
    }

    public int Read(Span<byte> buffer)
    {
        if (_aborted)
        {
            return 0;
        }

        try
        {
            using Descriptor.Lease fd = _read.Use();
            return Read(fd.Fd, buffer);
        }
        catch (ObjectDisposedException) when (_aborted)
        {
            return 0; // Dispose came between the look at the flag and the lease
        }
    }

    public int TryRead(Span<byte> buffer)
    {
        if (_aborted)
        {
            return 0;
        }

        try
        {
            using Descriptor.Lease fd = _read.Use();
            return _readIsSocket ? ReadSome(fd.Fd, buffer, Libc.DontWait) : WaitFor(fd.Fd, Libc.PollIn, 0) ? ReadSome(fd.Fd, buffer, 0) : _aborted ? 0 : -1;
        }
        catch (ObjectDisposedException) when (_aborted)
        {
            return 0;
        }
    }

    public void WatchReading(IPoller poller, ulong token, Action onAborted)
    {
        lock (_gate)
        {
            if (_aborted)
            {
                throw Closed();
            }

            _interrupt = Descriptor.Event();
            WatchedDescriptors watched = new(poller, token, _read, _write);
            watched.Begin();
            (_watched, _onAborted) = (watched, onAborted);
        }
    }

    public void WatchRoom()
    {
        lock (_gate)
        {
            if (_aborted)
            {
                throw Closed();
            }

            _watched?.WantRoom(true);
        }
    }

    public void PauseReading() => Pause(true);

    public void ResumeReading() => Pause(false);

    public bool WaitReadable(int milliseconds)
    {
        Descriptor interrupt;
        lock (_gate)
        {
            if (_aborted)
            {
                return true;
            }

            interrupt = _interrupt!;
        }

        try
        {
            using Descriptor.Lease fd = _read.Use();
            using Descriptor.Lease ended = interrupt.Use();
            PollDescriptor* polled = stackalloc PollDescriptor[2] { new(fd.Fd, Libc.PollIn), new(ended.Fd, Libc.PollIn) };
            if (Libc.Poll(polled, 2, milliseconds) < 0)
            {
                return Marshal.GetLastPInvokeError() == Libc.InterruptedError ? false : throw Libc.Error("poll");
            }

            if (polled[1].Ready)
            {
                ulong count;
                _ = Libc.Read(ended.Fd, (byte*)&count, sizeof(ulong)); // does not block: it is readable, and nobody else reads it
            }

            return polled[0].Ready;
        }
        catch (ObjectDisposedException) when (_aborted)
        {
            return true; // the end is there to be read
        }
    }

    public void Interrupt()
    {
        lock (_gate)
        {
            _interrupt?.Signal();
        }
    }

    public void IgnoreRoom()
    {
        lock (_gate)
        {
            if (!_aborted)
            {
                _watched?.WantRoom(false);
            }
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        using Descriptor.Lease fd = LeaseForWriting();
        while (!bytes.IsEmpty)
        {
            if (!_writeIsSocket && !WaitFor(fd.Fd, Libc.PollOut, -1))
            {
                throw Closed();
            }

            bytes = bytes[WriteSome(fd.Fd, bytes, Libc.NoSignal)..];
        }
    }

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        using Descriptor.Lease fd = LeaseForWriting();
        if (_writeIsSocket)
        {
            return bytes.IsEmpty ? 0 : WriteSome(fd.Fd, bytes, Libc.NoSignal | Libc.DontWait);
        }

        int taken = 0;
        while (taken < bytes.Length && WaitFor(fd.Fd, Libc.PollOut, 0))
        {
            taken += WriteSome(fd.Fd, bytes[taken..], 0);
        }

        return taken;
    }

    /// <summary>Whether the peer may still write: some process holds its end open. False when that cannot be told.</summary>
    public bool IsPeerThere()
    {
        if (!_readIsSocket || _aborted)
        {
            return false;
        }

        try
        {
            using Descriptor.Lease fd = _read.Use();
            PollDescriptor polled = new(fd.Fd, Libc.PollPeerClosed);
            return Libc.Poll(&polled, 1, 0) == 0;
        }
        catch (ObjectDisposedException)
        {
            return false; // the reader saw the end and disposed it meanwhile
        }
    }

    public void CloseWriting()
    {
        lock (_gate)
        {
            if (_aborted)
            {
                return;
            }

            if (!_writeIsSocket)
            {
                _watched?.EndWriting();
                _write.Dispose();
            }
            else
            {
                Shutdown(_write, Libc.ShutdownWrite);
            }
        }
    }

    public void Abort()
    {
        Action? onAborted;
        lock (_gate)
        {
            if (_aborted)
            {
                return;
            }

            _aborted = true;
            _abortEvent?.Signal();
            if (_readIsSocket)
            {
                Shutdown(_read, Libc.ShutdownBoth);
            }

            if (_writeIsSocket && !ReferenceEquals(_read, _write))
            {
                Shutdown(_write, Libc.ShutdownBoth);
            }

            _interrupt?.Signal();
            onAborted = _onAborted;
        }

        onAborted?.Invoke();
    }

    public void Dispose()
    {
        Abort();
        lock (_gate)
        {
            _watched?.End();
            _watched = null;
            _interrupt?.Dispose();
            _interrupt = null;
        }

        _read.Dispose();
        _write.Dispose();
        _abortEvent?.Dispose();
    }

    private void Pause(bool isPaused)
    {
        lock (_gate)
        {
            _watched?.Pause(isPaused);
        }
    }

    private int Read(int fd, Span<byte> buffer)
    {
        if (!_readIsSocket && !WaitFor(fd, Libc.PollIn, -1))
        {
            return 0;
        }

        return ReadSome(fd, buffer, 0);
    }

    /// <returns>As <see cref="TryRead"/>.</returns>
    private int ReadSome(int fd, Span<byte> buffer, int flags)
    {
        while (true)
        {
            nint count;
            fixed (byte* start = buffer)
            {
                count = _readIsSocket ? Libc.Receive(fd, start, buffer.Length, flags) : Libc.Read(fd, start, buffer.Length);
            }

            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.InterruptedError:
                    continue;
                case Libc.WouldBlock when (flags & Libc.DontWait) != 0:
                    return -1;
                case Libc.ConnectionReset:
                    return 0; // a Unix socket's peer closed with bytes of ours unread; all that it sent came before this
                default:
                    throw Libc.Error(_readIsSocket ? "recv" : "read");
            }
        }
    }

    private int WriteSome(int fd, ReadOnlySpan<byte> bytes, int flags)
    {
        while (true)
        {
            nint count;
            fixed (byte* start = bytes)
            {
                count = _room is null ? Libc.Send(fd, start, bytes.Length, flags) : Libc.Write(fd, start, Math.Min(bytes.Length, _room.Of(fd)));
            }

            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.InterruptedError:
                    continue;
                case Libc.WouldBlock when (flags & Libc.DontWait) != 0:
                    return 0;
                default:
                    throw _aborted ? Closed() : Libc.Error("write");
            }
        }
    }

    /// <summary>False when aborted, or when the time is up.</summary>
    private bool WaitFor(int fd, short events, int milliseconds)
    {
        if (_aborted)
        {
            return false;
        }

        using Descriptor.Lease abort = _abortEvent!.Use();
        PollDescriptor* polled = stackalloc PollDescriptor[2] { new(fd, events), new(abort.Fd, Libc.PollIn) };
        int ready;
        while ((ready = Libc.Poll(polled, 2, milliseconds)) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.InterruptedError)
            {
                throw Libc.Error("poll");
            }
        }

        return ready > 0 && !polled[1].Ready;
    }

    private Descriptor.Lease LeaseForWriting()
    {
        if (_aborted)
        {
            throw Closed();
        }

        try
        {
            return _write.Use();
        }
        catch (ObjectDisposedException)
        {
            throw Closed();
        }
    }

    private static IOException Closed() => new("The writing side of the link is closed.");

    private static void Shutdown(Descriptor socket, int how)
    {
        using Descriptor.Lease fd = socket.Use();
        _ = Libc.Shutdown(fd.Fd, how); // fails only when the peer has closed: then there is nothing to end
    }
}
