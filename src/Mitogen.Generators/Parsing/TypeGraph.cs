namespace Mitogen.Generators.Parsing;

/// <summary>Which generated formatters use which, to find the recursive ones.</summary>
internal sealed class TypeGraph
{
    private readonly Dictionary<string, HashSet<string>> _uses = new(StringComparer.Ordinal);
    private readonly Stack<string> _open = new();

    /// <summary>A type that is used until <see cref="Leave"/> is used by this one.</summary>
    public void Enter(string name)
    {
        _open.Push(name);
        _uses[name] = new HashSet<string>(StringComparer.Ordinal);
    }

    public void Leave() => _open.Pop();

    public void Use(string target)
    {
        if (_open.Count > 0)
        {
            _uses[_open.Peek()].Add(target);
        }
    }

    public bool IsRecursive(string name)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Stack<string> rest = new(_uses.TryGetValue(name, out HashSet<string> first) ? first : []);
        while (rest.Count > 0)
        {
            string at = rest.Pop();
            if (at == name)
            {
                return true;
            }

            if (seen.Add(at) && _uses.TryGetValue(at, out HashSet<string> next))
            {
                foreach (string use in next)
                {
                    rest.Push(use);
                }
            }
        }

        return false;
    }
}
