using System.Collections.Concurrent;

namespace Mitogen.Calls;

/// <summary>Instances that wait for their next use. Whoever gives one back has reset it: it keeps nothing of its last use alive.</summary>
internal static class Pool<T>
    where T : class
{
    private const int MaxKept = 2048;

    private static readonly ConcurrentQueue<T> s_kept = new();

    // Most uses begin and end on threads that soon begin another one, and need nothing that threads share.
    [ThreadStatic]
    private static T? s_own;

    /// <returns>An instance; <see langword="null"/> if there is none, and one is to be made.</returns>
    public static T? TryRent()
    {
        if (s_own is not { } own)
        {
            return s_kept.TryDequeue(out T? kept) ? kept : null;
        }

        s_own = null;
        return own;
    }

    /// <param name="instance">The instance.</param>
    /// <param name="maxKept">How many are kept beside those of the threads.</param>
    public static void Return(T instance, int maxKept = MaxKept)
    {
        if (s_own is null)
        {
            s_own = instance;
        }
        else if (s_kept.Count < maxKept)
        {
            s_kept.Enqueue(instance);
        }
    }
}
