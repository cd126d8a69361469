using System.Runtime.InteropServices;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>
/// Reads a pipe or terminal as lines, one reader at a time. If the callback throws, that is kept and it is called no more,
/// but it is still read: whoever writes to it must not stall.
/// </summary>
internal sealed class LinePump
{
    private const int MaxPipeBytes = 1024 * 1024; // what an unprivileged process can make a pipe hold

    private readonly Descriptor _pipe;
    private readonly LineSplitter _lines;
    private bool _finished;

    /// <summary>Takes over the pipe.</summary>
    public LinePump(Descriptor pipe, Action<string> onLine)
    {
        _pipe = pipe;
        _lines = new LineSplitter(line =>
        {
            if (Failure is null)
            {
                onLine(line);
            }
        });
    }

    /// <summary>The exception that the callback threw.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The number to poll; -1 after <see cref="Finish"/>.</summary>
    public int Polled
    {
        get
        {
            if (_finished)
            {
                return -1;
            }

            using Descriptor.Lease fd = _pipe.Use();
            return fd.Fd; // stays open until Finish, which is this same thread's
        }
    }

    /// <summary>Reads once, and blocks if there is nothing; false at the end.</summary>
    public unsafe bool Read(Span<byte> buffer)
    {
        nint count;
        using (Descriptor.Lease fd = _pipe.Use())
        {
            fixed (byte* start = buffer)
            {
                count = Libc.Read(fd.Fd, start, buffer.Length);
            }
        }

        if (count < 0)
        {
            return Marshal.GetLastPInvokeError() == Libc.InterruptedError;
        }

        try
        {
            _lines.Feed(buffer[..(int)count]);
        }
        catch (Exception failure)
        {
            Failure = failure;
        }

        return count > 0;
    }

    /// <summary>Calls with what stands after the last line end.</summary>
    public void Show(Action<string> onTail)
    {
        try
        {
            if (Failure is null && !_finished)
            {
                onTail(_lines.Tail);
            }
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }

    /// <summary>Takes what lies in the pipe, at most its capacity, then ends the last line and closes the pipe.</summary>
    public unsafe void Finish(Span<byte> buffer)
    {
        if (_finished)
        {
            return;
        }

        // Bounded: whoever still holds the pipe may write faster than we read.
        for (int left = MaxPipeBytes; left > 0; left -= buffer.Length)
        {
            var polled = new PollDescriptor(Polled, Libc.PollIn);
            if (Libc.Poll(&polled, 1, 0) <= 0 || !Read(buffer))
            {
                break;
            }
        }

        _finished = true;
        _pipe.Dispose();
        try
        {
            _lines.Finish();
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }
}
