namespace Mitogen.Testing.Files;

/// <summary>Writes into a file of a <see cref="FakeFiles"/>.</summary>
internal sealed class FakeFileStream(FakeFiles files, FakeEntry file, string path, long? position) : Stream
{
    private long? _position = position;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("It is open for writing alone.");

    public override long Position
    {
        get => throw new NotSupportedException("It is open for writing alone.");
        set => throw new NotSupportedException("It is open for writing alone.");
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        files.Write(file, path, buffer.AsSpan(offset, count), _position);
        _position += count;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is open for writing alone.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("It is open for writing alone.");

    public override void SetLength(long value) => throw new NotSupportedException("It is open for writing alone.");
}
