using Microsoft.Win32.SafeHandles;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// Writes at a file's own position: at the end of one that was opened so, wherever others have moved that, and into what has no positions.
/// </summary>
internal sealed class FilePositionStream(SafeFileHandle file) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !file.IsClosed;

    public override long Length => throw new NotSupportedException("It is written at its own position, and its length is not known.");

    public override long Position
    {
        get => throw new NotSupportedException("It is written at its own position.");
        set => throw new NotSupportedException("It is written at its own position.");
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        FilePosition.WriteAsync(file, buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is open for writing alone.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("It is written at its own position.");

    public override void SetLength(long value) => throw new NotSupportedException("It is written at its own position.");

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
