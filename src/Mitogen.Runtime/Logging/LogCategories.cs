namespace Mitogen.Logging;

/// <summary>
/// The categories under which the root's loggers get the records of other contexts. A logger factory keeps a logger for each category for good, so
/// that there are only so many: from behind each child's link, and over all. Records of others have a common category.
/// </summary>
internal sealed class LogCategories
{
    /// <summary>The category of records whose own one is one too many. It stands before their messages.</summary>
    public const string Common = "Mitogen.Contexts";

    /// <summary>How many one child and those below it may add.</summary>
    public const int MostOfAChild = 256;

    /// <summary>How many there are over all.</summary>
    public const int Most = 4096;

    private const int MaxLength = 256;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _added = new(StringComparer.Ordinal);

    /// <summary>Finds what to log under.</summary>
    /// <param name="context">The path of the context that logs.</param>
    /// <param name="category">Its category.</param>
    /// <returns>The category, or <see cref="Common"/>.</returns>
    public string Find(string context, string category)
    {
        if (category.Length > MaxLength)
        {
            return Common;
        }

        if (_taken.Contains(category))
        {
            return category;
        }

        string child = ChildOf(context);
        int added = _added.GetValueOrDefault(child);
        if (added >= MostOfAChild || _taken.Count >= Most)
        {
            return Common;
        }

        _added[child] = added + 1;
        _ = _taken.Add(category);
        return category;
    }

    /// <summary>The child on the way to a context: the path's first two names. The route vouches for them.</summary>
    private static string ChildOf(string context) =>
        context.IndexOf('/', StringComparison.Ordinal) is var root && root >= 0 && context.IndexOf('/', root + 1) is var child && child >= 0 ? context[..child] : context;
}
