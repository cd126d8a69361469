using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>The lock of an open file or folder (flock). It goes with the descriptor, and so with the process.</summary>
internal static class FileLock
{
    /// <summary>Takes it without waiting.</summary>
    /// <param name="file">The file or folder.</param>
    /// <param name="error">0 if it was taken or another one has it; otherwise why nobody can have it.</param>
    /// <returns>Whether it was taken.</returns>
    public static bool TryTake(SafeFileHandle file, out int error)
    {
        bool isTaken = FileLibc.Lock(file, FileLibc.LockExclusive | FileLibc.LockWithoutWait) == 0;
        error = isTaken ? 0 : Marshal.GetLastPInvokeError() switch
        {
            FileLibc.WouldBlock => 0,

            // What file systems say that have no locks.
            FileLibc.NotSupported or FileLibc.NoSuchCall or FileLibc.Invalid => FileLibc.NoLocks,
            int other => other,
        };
        return isTaken;
    }
}
