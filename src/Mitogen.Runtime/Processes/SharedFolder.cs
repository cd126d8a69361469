using System.Buffers.Binary;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>Whether what this user makes in a folder stays what it is.</summary>
internal static unsafe class SharedFolder
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint OwnerAndMode = 2 | 8;   // STATX_MODE, STATX_UID
    private const int StatusSize = 256;        // of struct statx, the same on all architectures
    private const int UserAt = 20;
    private const int ModeAt = 28;
    private const int Sticky = 0x200;
    private const int OthersWrite = 0b000_010_010;

    /// <summary>
    /// True unless somebody else could put another file or directory in the place of one that was made there: a folder that is neither this
    /// user's nor root's, or that others may write to and that is not sticky.
    /// </summary>
    public static bool IsSafe(string folder)
    {
        byte* status = stackalloc byte[StatusSize];
        if (Libc.FileStatus(CurrentDirectory, folder, 0, OwnerAndMode, status) != 0)
        {
            return false;
        }

        ReadOnlySpan<byte> fields = new(status, StatusSize);
        uint user = BinaryPrimitives.ReadUInt32LittleEndian(fields[UserAt..]);
        int mode = BinaryPrimitives.ReadUInt16LittleEndian(fields[ModeAt..]);
        return (user == 0 || user == Libc.EffectiveUser()) && ((mode & Sticky) != 0 || (mode & OthersWrite) == 0);
    }
}
