namespace Mitogen.Generators.Dependencies;

/// <summary>A hash of 64 bits that is the same in every run, so that equal hashes stand for equal input.</summary>
internal struct StableHash
{
    private ulong _state;

    public readonly ulong Value => _state;

    /// <summary>Spreads a value, so that sums of such values tell sets apart.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCDUL;
            value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53UL;
            return value ^ (value >> 33);
        }
    }

    public static ulong Of(string text)
    {
        StableHash hash = default;
        hash.Add(text);
        return hash.Value;
    }

    public void Add(ulong value) => _state = unchecked(Mix(_state ^ value) + 0x9E3779B97F4A7C15UL);

    public void Add(string text)
    {
        // FNV-1a.
        ulong hash = 14695981039346656037UL;
        foreach (char letter in text)
        {
            hash = unchecked((hash ^ letter) * 1099511628211UL);
        }

        Add(hash);
        Add((ulong)text.Length);
    }
}
