namespace Mitogen.HostileKit;

/// <summary>Many bytes that take no memory.</summary>
internal sealed class Zeros(long length) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    /// <summary>How many were read, while others read on.</summary>
    public override long Position
    {
        get => Volatile.Read(ref _read);
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int size = (int)Math.Min(count, length - _read);
        buffer.AsSpan(offset, size).Clear();
        Volatile.Write(ref _read, _read + size);
        return size;
    }

    public override void Flush()
    {
        // Keeps nothing.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
