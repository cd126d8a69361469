using System.Runtime.InteropServices;
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

    /// <summary>Writes all of it. A pipe or device that takes no more now is waited for.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async ValueTask WriteAsync(SafeFileHandle file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            int count = TryWrite(file, bytes.Span);
            if (count < 0)
            {
                await ProcessPolling.ReadyAsync(file, ProcessLibc.PollOut, cancellationToken).ConfigureAwait(false);
                continue;
            }

            bytes = bytes[count..];
        }
    }

    /// <returns>How many bytes were written; -1 if none can be now.</returns>
    private static unsafe int TryWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count;
            while ((count = FileLibc.Write(file, start, bytes.Length)) < 0)
            {
                if (Marshal.GetLastPInvokeError() == FileLibc.WouldBlock)
                {
                    return -1;
                }

                Throw();
            }

            return (int)count;
        }
    }

    /// <summary>Returns where the call is to be made again.</summary>
    private static void Throw()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != FileLibc.Interrupted)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error) + ".", error);
        }
    }
}
