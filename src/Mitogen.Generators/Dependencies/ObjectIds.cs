using System.Runtime.CompilerServices;

namespace Mitogen.Generators.Dependencies;

/// <summary>Numbers for objects that are compared by what they are, and not by what they say.</summary>
internal static class ObjectIds
{
    private static readonly ConditionalWeakTable<object, StrongBox<ulong>> s_all = new();
    private static long s_last;

    public static ulong Of(object instance) =>
        s_all.GetValue(instance, static _ => new((ulong)Interlocked.Increment(ref s_last))).Value;
}
