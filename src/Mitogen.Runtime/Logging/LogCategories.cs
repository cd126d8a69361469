namespace Mitogen.Logging;

/// <summary>
/// The categories under which the root's loggers get the records of other contexts. A logger factory keeps a logger for each category for good, so
/// that there are only so many: from behind each child's link, half of them from each branch behind it and so on, and over all. So no branch takes
/// all that are for those beside it. Records of others have a common category.
/// </summary>
internal sealed class LogCategories
{
    /// <summary>The category of records whose own one is one too many. It stands before their messages.</summary>
    public const string Common = "Mitogen.Contexts";

    /// <summary>How many one child and those below it may add.</summary>
    public const int MostOfAChild = 256;

    /// <summary>How many there are over all.</summary>
    public const int Most = 4096;

    // The categories that a branch may add at the least, however deep it is.
    private const int LeastOfABranch = 16;

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

        if (_taken.Count >= Most || Branches(context).Any(branch => _added.GetValueOrDefault(branch.Path) >= branch.Bound))
        {
            return Common;
        }

        foreach ((string path, int _) in Branches(context))
        {
            _added[path] = _added.GetValueOrDefault(path) + 1;
        }

        _ = _taken.Add(category);
        return category;
    }

    /// <summary>The branches that a context is in, from the root's child on, and how many each may add. The route vouches for the path.</summary>
    private static IEnumerable<(string Path, int Bound)> Branches(string context)
    {
        int bound = MostOfAChild;
        for (int at = ContextPath.ChildOf(context).Length; ; at = context.IndexOf('/', at + 1) is var next and >= 0 ? next : context.Length)
        {
            yield return (context[..at], bound);
            if (at == context.Length)
            {
                yield break;
            }

            bound = Math.Max(bound / 2, LeastOfABranch);
        }
    }
}
