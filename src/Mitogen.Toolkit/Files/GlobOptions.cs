namespace Mitogen.Toolkit;

/// <summary>The bounds of a search by patterns.</summary>
public sealed record GlobOptions
{
    /// <summary>Patterns of what is left out. Default: none.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether upper and lower case are one. Default: no.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>How many entries are looked at; at one more it is an <see cref="IOException"/>. Default: 1,000,000.</summary>
    public long MaxEntries { get; init; } = 1_000_000;

    /// <summary>How many folders deep the search goes; deeper ones are an <see cref="IOException"/>. Default and most: 500.</summary>
    public int MaxDepth { get; init; } = 500;
}
