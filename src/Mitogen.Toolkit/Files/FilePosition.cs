using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Reads and writes at a file's own position, which also works for what has none.</summary>
internal static class FilePosition
{
    /// <exception cref="IOException">It cannot be read.</exception>
    public static unsafe int Read(SafeFileHandle file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = FileLibc.Read(file, start, buffer.Length)) < 0)
            {
                Throw();
            }

            return (int)count;
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public static unsafe void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint count = FileLibc.Write(file, start + done, bytes.Length - done);
                if (count < 0)
                {
                    Throw();
                }
                else
                {
                    done += (int)count;
                }
            }
        }
    }

    /// <summary>Returns where the call is to be made again.</summary>
    private static void Throw()
    {
        int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        if (error != FileLibc.Interrupted)
        {
            throw new IOException(System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error) + ".", error);
        }
    }
}
