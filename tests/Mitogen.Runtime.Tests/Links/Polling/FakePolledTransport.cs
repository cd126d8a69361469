using System.Collections.Concurrent;
using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Links.Polling;

/// <summary>The bytes of a polled link in the hands of a test.</summary>
internal sealed class FakePolledTransport : IPolledTransport
{
    private readonly ConcurrentQueue<byte[]> _incoming = new();
    private FakePoller? _poller;
    private ulong _token;
    private Action? _onAborted;
    private volatile bool _aborted;
    private volatile bool _isPaused;
    private int _readers;

    /// <summary>Runs on the thread that reads, with what it reads.</summary>
    public Action? OnPiece { get; set; }

    /// <summary>What a blocked thread does in the place of waiting for something to read, and whether there is something.</summary>
    public Func<bool>? OnWait { get; set; }

    /// <summary>How often such a thread was woken.</summary>
    public int Interrupts { get; private set; }

    /// <summary>What each write fails with.</summary>
    public IOException? WriteFailure { get; set; }

    /// <summary>How many more bytes are taken.</summary>
    public int Fits { get; set; } = int.MaxValue;

    public ConcurrentQueue<(byte[] Bytes, string? Thread)> Written { get; } = new();

    /// <summary>How often the link has asked to be told of room, less the times that it was.</summary>
    public int AsksForRoom { get; private set; }

    public bool IsWritingClosed { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Whether two threads were ever about to read at the same time.</summary>
    public bool HadTwoReaders { get; private set; }

    /// <summary>Bytes that come; none are the end of them.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="times">How often the poller tells of it; the first time is the change, and further ones are for nothing.</param>
    public void Feed(byte[] bytes, int times = 1)
    {
        _incoming.Enqueue(bytes);
        for (int i = 0; i < times && !_isPaused; i++)
        {
            Tell(bytes.Length == 0 ? PollEvents.Readable | PollEvents.PeerClosed : PollEvents.Readable);
        }
    }

    /// <summary>Lets the poller wake a thread.</summary>
    public void Tell(PollEvents events) => _poller!.Tell(_token, events);

    public int TryRead(Span<byte> buffer)
    {
        HadTwoReaders |= Interlocked.Increment(ref _readers) > 1;
        try
        {
            if (_aborted)
            {
                return 0;
            }

            // As a socket: all that is there, and the end only when nothing else is.
            int count = -1;
            while (_incoming.TryPeek(out byte[]? bytes) && (count <= 0 || bytes.Length > 0))
            {
                _ = _incoming.TryDequeue(out _);
                OnPiece?.Invoke();
                count = Math.Max(count, 0);
                bytes.CopyTo(buffer[count..]);
                count += bytes.Length;
            }

            return count;
        }
        finally
        {
            _ = Interlocked.Decrement(ref _readers);
        }
    }

    public void WatchReading(IPoller poller, ulong token, Action onAborted) => (_poller, _token, _onAborted) = (poller as FakePoller, token, onAborted);

    public void WatchRoom() => AsksForRoom++;

    public void IgnoreRoom() => AsksForRoom--;

    public void PauseReading() => _isPaused = true;

    public void ResumeReading()
    {
        _isPaused = false;
        if (!_incoming.IsEmpty)
        {
            Tell(PollEvents.Readable);
        }
    }

    public bool WaitReadable(int milliseconds) => OnWait?.Invoke() ?? !_incoming.IsEmpty;

    public void Interrupt() => Interrupts++;

    public int Read(Span<byte> buffer) => throw new NotSupportedException("Nobody blocks on it.");

    public void Write(ReadOnlySpan<byte> bytes) => throw new NotSupportedException("Nobody blocks on it.");

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (WriteFailure is { } failure)
        {
            throw failure;
        }

        int count = Math.Min(Fits, bytes.Length);
        if (count > 0)
        {
            Fits -= Fits == int.MaxValue ? 0 : count;
            Written.Enqueue((bytes[..count].ToArray(), Thread.CurrentThread.Name));
        }

        return count;
    }

    public void CloseWriting() => IsWritingClosed = true;

    public void Abort()
    {
        if (!_aborted)
        {
            _aborted = true;
            _onAborted?.Invoke();
        }
    }

    public void Dispose() => IsDisposed = true;
}
