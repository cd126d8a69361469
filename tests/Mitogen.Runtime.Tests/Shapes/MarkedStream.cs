namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Stops for something each time that so many bytes have been read or written.</summary>
internal sealed class MarkedStream(Stream inner, long step, Func<Task> atMark) : Stream
{
    // Owned by whoever reads or writes.
    private long _sinceMark;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken);
        await PassAsync(read);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        await PassAsync(buffer.Length);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task PassAsync(int count)
    {
        for (_sinceMark += count; _sinceMark >= step; _sinceMark -= step)
        {
            await atMark();
        }
    }
}
