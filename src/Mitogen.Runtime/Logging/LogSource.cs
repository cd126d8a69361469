namespace Mitogen.Logging;

/// <summary>Who answers for log records: whoever sent them, whatever they say themselves.</summary>
/// <param name="Path">The context's path, as far as it is known here.</param>
/// <param name="Branch">The ids of the contexts from the child of this one down to that one; empty for this context itself.</param>
internal readonly record struct LogSource(string Path, IReadOnlyList<uint> Branch)
{
    /// <summary>This context.</summary>
    public static LogSource Own(string path) => new(path, []);
}
