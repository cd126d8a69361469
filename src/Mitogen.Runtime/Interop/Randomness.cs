using System.Runtime.InteropServices;

namespace Mitogen.Interop;

/// <summary>Bytes that nobody can guess.</summary>
/// <remarks>From the kernel: .NET's own generator loads OpenSSL, which a static executable cannot and a bare container does not have.</remarks>
internal static unsafe class Randomness
{
    /// <param name="count">How many; few enough for the kernel to give all at once.</param>
    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        fixed (byte* start = bytes)
        {
            nint got;
            do
            {
                got = Libc.GetRandom(start, count, 0);
            }
            while (got < 0 && Marshal.GetLastPInvokeError() == Libc.InterruptedError);

            // Up to 256 bytes are given whole (getrandom(2)).
            return got == count ? bytes : throw Libc.Error("getrandom");
        }
    }
}
