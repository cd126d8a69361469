namespace Mitogen.Logging;

/// <summary>
/// The names that other contexts may bring into this process for good, such as categories of log records: so many from behind each child's link, half of
/// them from each branch behind it and so on, and so many over all. So no branch takes all that are for those beside it.
/// </summary>
internal sealed class NameBudget
{
    /// <summary>How many one child and those below it may add.</summary>
    public const int MostOfAChild = 256;

    /// <summary>How many there are over all.</summary>
    public const int Most = 4096;

    // The names that a branch may add at the least, however deep it is.
    private const int LeastOfABranch = 16;

    private const int MaxLength = 256;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _added = new(StringComparer.Ordinal);

    /// <summary>Whether a context may use a name.</summary>
    /// <param name="context">The path of the context.</param>
    /// <param name="name">The name.</param>
    public bool TryTake(string context, string name)
    {
        if (name.Length > MaxLength)
        {
            return false;
        }

        if (_taken.Contains(name))
        {
            return true;
        }

        if (_taken.Count >= Most || Branches(context).Any(branch => _added.GetValueOrDefault(branch.Path) >= branch.Bound))
        {
            return false;
        }

        foreach ((string path, int _) in Branches(context))
        {
            _added[path] = _added.GetValueOrDefault(path) + 1;
        }

        _ = _taken.Add(name);
        return true;
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
