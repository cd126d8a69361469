namespace Mitogen.Routing;

/// <summary>
/// Which contexts behind a link know which others through this one: whoever sent or got an open. When a context goes away, the
/// links behind which somebody knows it are told.
/// </summary>
internal sealed class Acquaintances
{
    private readonly Dictionary<uint, HashSet<uint>> _knownBy = [];

    /// <summary>The contexts that somebody knows.</summary>
    public IReadOnlyCollection<uint> Known => _knownBy.Keys;

    public void Add(uint known, uint by)
    {
        if (!_knownBy.TryGetValue(known, out HashSet<uint>? all))
        {
            _knownBy.Add(known, all = []);
        }

        _ = all.Add(by);
    }

    /// <summary>Forgets a context that is gone, as known and as knowing.</summary>
    /// <returns>Whether somebody knew it.</returns>
    public bool Forget(uint gone)
    {
        bool wasKnown = _knownBy.Remove(gone);
        foreach ((uint known, HashSet<uint> by) in _knownBy)
        {
            if (by.Remove(gone) && by.Count == 0)
            {
                _ = _knownBy.Remove(known);
            }
        }

        return wasKnown;
    }
}
