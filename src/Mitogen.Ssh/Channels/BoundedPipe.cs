namespace Mitogen.Ssh.Channels;

/// <summary>
/// Bytes on their way from the thread that receives to the one that reads. It holds no more than its size: the receiving thread
/// waits then, and the network behind it. One thread writes and one reads; the other members may be called from any.
/// </summary>
internal sealed class BoundedPipe(int size) : Stream
{
    private readonly byte[] _ring = new byte[size];
    private readonly object _gate = new(); // guards all below
    private int _start;
    private int _count;
    private bool _isEnded;
    private bool _isAborted;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Waits for room. Bytes after the end are dropped.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            while (!buffer.IsEmpty && !_isEnded)
            {
                int end = (_start + _count) % _ring.Length;
                int part = Math.Min(buffer.Length, Math.Min(_ring.Length - _count, _ring.Length - end));
                if (part == 0)
                {
                    _ = Monitor.Wait(_gate);
                    continue;
                }

                buffer[..part].CopyTo(_ring.AsSpan(end));
                buffer = buffer[part..];
                _count += part;
                Monitor.PulseAll(_gate);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Waits for bytes; 0 when all were read after the end, and at once after <see cref="Abort"/>.</summary>
    public override int Read(Span<byte> buffer)
    {
        lock (_gate)
        {
            while (_count == 0 && !_isEnded)
            {
                _ = Monitor.Wait(_gate);
            }

            if (_isAborted)
            {
                return 0;
            }

            int part = Math.Min(buffer.Length, Math.Min(_count, _ring.Length - _start));
            _ring.AsSpan(_start, part).CopyTo(buffer);
            _start = (_start + part) % _ring.Length;
            _count -= part;
            Monitor.PulseAll(_gate);
            return part;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Nothing more comes; what is there is still read.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends it, and drops what is there.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _isAborted = _isEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The client disposes it when the command has ended.</summary>
    protected override void Dispose(bool disposing)
    {
        End();
        base.Dispose(disposing);
    }
}
