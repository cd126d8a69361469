namespace Mitogen.Multiplexing;

/// <summary>
/// Hashes numbers that another context chooses with the process's own seed: with the plain hash it could choose thousands that fall
/// together, and each look-up would pass all of them, under the lock.
/// </summary>
internal sealed class SeededComparer : IEqualityComparer<ulong>
{
    public static SeededComparer Instance { get; } = new();

    public bool Equals(ulong x, ulong y) => x == y;

    public int GetHashCode(ulong value) => HashCode.Combine((uint)value, (uint)(value >> 32));
}
