using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>A stretch of a file: written bytes, or a hole, which reads as zeros and takes no room.</summary>
internal readonly record struct FileExtent(long Offset, long Length, bool IsHole)
{
    public long End => Offset + Length;

    /// <summary>The stretches of a file of its present length, one after the other, looked up as they are asked for.</summary>
    public static IEnumerable<FileExtent> Of(SafeFileHandle file) => Of(file, 0, RandomAccess.GetLength(file));

    /// <summary>The stretches between two bytes.</summary>
    public static IEnumerable<FileExtent> Of(SafeFileHandle file, long from, long to)
    {
        for (long offset = from; offset < to;)
        {
            long data = FileLibc.Seek(file, offset, FileLibc.SeekData);
            if (data < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == FileLibc.NoDevice)
            {
                // No more data up to its end.
                yield return new FileExtent(offset, to - offset, IsHole: true);
                yield break;
            }

            if (data > offset)
            {
                long holeEnd = Math.Min(data, to);
                yield return new FileExtent(offset, holeEnd - offset, IsHole: true);
                offset = holeEnd;
                continue;
            }

            // A file system without holes says that all is data, or nothing.
            long hole = data < 0 ? to : FileLibc.Seek(file, offset, FileLibc.SeekHole);
            long end = hole <= offset ? to : Math.Min(hole, to);
            yield return new FileExtent(offset, end - offset, IsHole: false);
            offset = end;
        }
    }
}
