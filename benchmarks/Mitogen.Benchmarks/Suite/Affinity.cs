using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Benchmarks.Suite;

/// <summary>
/// Keeps a thread on one core while it starts a process, which inherits that with all its own: so the runtime over there sees one
/// core from the start, as under <c>taskset</c>.
/// </summary>
internal static unsafe partial class Affinity
{
    private const int MaskSize = 128;

    /// <summary>Runs something on the calling thread with only the first of its cores.</summary>
    public static T OnOneCore<T>(Func<T> start)
    {
        ulong* all = stackalloc ulong[MaskSize / sizeof(ulong)];
        ulong* one = stackalloc ulong[MaskSize / sizeof(ulong)];
        new Span<ulong>(one, MaskSize / sizeof(ulong)).Clear();
        Check(GetAffinity(0, MaskSize, all));
        int word = 0;
        while (all[word] == 0)
        {
            word++;
        }

        one[word] = 1UL << BitOperations.TrailingZeroCount(all[word]);
        Check(SetAffinity(0, MaskSize, one));
        try
        {
            return start();
        }
        finally
        {
            Check(SetAffinity(0, MaskSize, all));
        }
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
