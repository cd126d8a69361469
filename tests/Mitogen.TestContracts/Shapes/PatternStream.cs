namespace Mitogen.TestContracts.Shapes;

/// <summary>A stream of bytes that are known beforehand: written ones are compared, read ones are made.</summary>
public sealed class PatternStream(long length, Action? closed = null, bool breaks = false) : Stream
{
    // Copied and compared whole, so that a gigabyte takes no longer here than on its way.
    private static readonly byte[] s_pattern = [.. Enumerable.Range(0, 251 * 261).Select(i => (byte)(i % 251))];

    private long _position;
    private int _closed;

    public long Done => Interlocked.Read(ref _position);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = (int)Math.Min(buffer.Length, length - _position);
        if (read == 0 && breaks)
        {
            throw new InvalidDataException($"Broken after {length} bytes.");
        }

        for (int i = 0; i < read;)
        {
            ReadOnlySpan<byte> pattern = PatternAt(_position + i, read - i);
            pattern.CopyTo(buffer[i..]);
            i += pattern.Length;
        }

        _ = Interlocked.Add(ref _position, read);
        return read;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (int i = 0; i < buffer.Length;)
        {
            ReadOnlySpan<byte> pattern = PatternAt(_position + i, buffer.Length - i);
            int same = pattern.CommonPrefixLength(buffer[i..]);
            i += same;
            if (same < pattern.Length)
            {
                throw new InvalidDataException($"After {_position + i} bytes came {buffer[i]}, not {pattern[same]}.");
            }
        }

        if (Interlocked.Add(ref _position, buffer.Length) > length)
        {
            throw new InvalidDataException($"More than {length} bytes came.");
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            closed?.Invoke();
        }

        base.Dispose(disposing);
    }

    private static ReadOnlySpan<byte> PatternAt(long position, int most)
    {
        int start = (int)(position % 251);
        return s_pattern.AsSpan(start, Math.Min(most, s_pattern.Length - start));
    }
}
