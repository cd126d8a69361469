namespace Mitogen.Contexts;

/// <summary>
/// The assemblies that a child was given. It keeps each and hands it to its own children, so that it asks once; what it does not read waits here, each time
/// as a copy, and so there is no more than a second one.
/// </summary>
internal sealed class GivenAssemblies
{
    /// <summary>How often one assembly is given.</summary>
    public const int Most = 2;

    private readonly Dictionary<string, int> _times = new(StringComparer.OrdinalIgnoreCase); // under its own lock

    /// <summary>Whether an assembly is given now.</summary>
    public bool TryGive(string name)
    {
        lock (_times)
        {
            int times = _times.GetValueOrDefault(name);
            _times[name] = Math.Min(times + 1, Most);
            return times < Most;
        }
    }
}
