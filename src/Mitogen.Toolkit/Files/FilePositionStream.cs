using Microsoft.Win32.SafeHandles;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// Writes at a file's own position: at the end of one that was opened so, wherever others have moved that, and into what has no positions.
/// </summary>
internal sealed class FilePositionStream(SafeFileHandle file) : UnseekableStream
{
    public override bool CanRead => false;

    public override bool CanWrite => !file.IsClosed;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        FilePosition.WriteAsync(file, buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
