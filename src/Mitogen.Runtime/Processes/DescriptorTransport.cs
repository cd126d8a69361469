using System.Runtime.InteropServices;
using Mitogen.Interop;
using Mitogen.Multiplexing;

namespace Mitogen.Processes;

/// <summary>
/// A link over a socket or two pipes. No descriptor is ever made non-blocking: that flag belongs to the open file, which other
/// processes share. A blocked call on a socket is ended by shutdown(2), so it costs no poll; on a pipe by an event polled beside it.
/// </summary>
internal sealed unsafe class DescriptorTransport : ILinkTransport
{
    /// <summary>The bytes that a pipe which polls writable takes without blocking (PIPE_BUF).</summary>
    private const int PipeChunk = 4096;

    private readonly Descriptor _read;
    private readonly Descriptor _write;
    private readonly bool _readIsSocket;
    private readonly bool _writeIsSocket;
    private readonly Descriptor? _abortEvent;
    private readonly Lock _gate = new();
    private volatile bool _aborted; // written under _gate

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
        }
    }

    public void Dispose()
    {
        Abort();
        _read.Dispose();
        _write.Dispose();
        _abortEvent?.Dispose();
    }

    private int Read(int fd, Span<byte> buffer)
    {
        while (true)
        {
            if (!_readIsSocket && !WaitFor(fd, Libc.PollIn, -1))
            {
                return 0;
            }

            nint count;
            fixed (byte* start = buffer)
            {
                count = Libc.Read(fd, start, buffer.Length);
            }

            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Libc.InterruptedError:
                    continue;
                case Libc.ConnectionReset:
                    return 0; // a Unix socket's peer closed with bytes of ours unread; all that it sent came before this
                default:
                    throw Libc.Error("read");
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
                count = _writeIsSocket
                    ? Libc.Send(fd, start, bytes.Length, flags)
                    : Libc.Write(fd, start, Math.Min(bytes.Length, PipeChunk));
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
