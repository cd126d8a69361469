using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// Who is above whom in truth, and who is hostile: what the simulation knows, and no context has to believe. Ids are never used again, so
/// what is noted stays.
/// </summary>
internal sealed class SimTree
{
    private readonly Dictionary<uint, uint> _above = [];
    private readonly HashSet<uint> _tainted = [];
    private readonly List<uint> _ids = [IdLeases.Root];

    public IReadOnlyList<uint> Ids => _ids;

    /// <summary>Whether any context is hostile.</summary>
    public bool HasHostile => _tainted.Count > 0;

    /// <summary>A context is started, or an id is leased to one.</summary>
    public void Add(uint id, uint above)
    {
        _above[id] = above;
        _ids.Add(id);
        _ = _tainted.Contains(above) ? _tainted.Add(id) : _tainted.Remove(id);
    }

    /// <summary>A context is hostile: nothing that comes from behind its link is to be trusted.</summary>
    public void Taint(uint id)
    {
        _ = _tainted.Add(id);
        _tainted.UnionWith(_above.Keys.Where(i => IsAbove(id, i)).ToArray());
    }

    /// <summary>Whether a context is hostile, or below one that is.</summary>
    public bool IsTainted(uint id) => _tainted.Contains(id);

    /// <summary>Whether one is on the way from the root to the other.</summary>
    public bool IsAbove(uint one, uint other) => ChildTowards(one, other) != 0;

    /// <summary>The child of the one by which the other is reached; 0 if it is not below.</summary>
    public uint ChildTowards(uint one, uint other)
    {
        for (uint at = other; _above.TryGetValue(at, out uint above); at = above)
        {
            if (above == one)
            {
                return at;
            }
        }

        return 0;
    }

    /// <summary>The context itself, then those above it.</summary>
    public IEnumerable<uint> Line(uint id)
    {
        yield return id;
        while (_above.TryGetValue(id, out id))
        {
            yield return id;
        }
    }
}
