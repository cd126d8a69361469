using Microsoft.Win32.SafeHandles;

namespace Mitogen.Toolkit.Files;

/// <summary>Writes at the end of a file, wherever others have moved it.</summary>
internal sealed class AppendingStream(SafeFileHandle file) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !file.IsClosed;

    public override long Length => throw new NotSupportedException("What is added at the end of a file has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("What is added at the end of a file has no position.");
        set => throw new NotSupportedException("What is added at the end of a file has no position.");
    }

    public override void Write(ReadOnlySpan<byte> buffer) => FilePosition.Write(file, buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is open for writing alone.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("What is added has no position.");

    public override void SetLength(long value) => throw new NotSupportedException("What is added has no length.");

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
