using System.Runtime.InteropServices;

namespace Mitogen.Toolkit.Interop;

/// <summary>The user and the groups of one thread. The C library's own functions would change those of all threads.</summary>
internal static unsafe class ProcessLibcUsers
{
    // The numbers differ between the architectures; those that came after x86-64 share one table.
    private static (nint SetGroups, nint SetGroup, nint SetUser)? Calls => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (116, 119, 117),
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => (159, 149, 147),
        _ => null,
    };

    /// <summary>Whether the numbers are known here.</summary>
    public static bool IsSupported => Calls is not null;

    /// <summary>Makes the calling thread one of another user, for good.</summary>
    /// <returns>The error; 0 for success.</returns>
    public static int Become(uint user, uint group, ReadOnlySpan<uint> groups)
    {
        (nint setGroups, nint setGroup, nint setUser) = Calls!.Value;
        fixed (uint* first = groups)
        {
            // The user last: whoever is no longer root may not change groups.
            return ProcessLibc.SystemCall(setGroups, groups.Length, (nint)first, 0) != 0
                || ProcessLibc.SystemCall(setGroup, (nint)group, (nint)group, (nint)group) != 0
                || ProcessLibc.SystemCall(setUser, (nint)user, (nint)user, (nint)user) != 0
                ? Marshal.GetLastPInvokeError()
                : 0;
        }
    }
}
