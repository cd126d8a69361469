namespace Mitogen.HostileKit;

/// <summary>What the root does while it is attacked.</summary>
/// <param name="Name">The case's name: the attack's, unless that is named apart.</param>
internal sealed record Case(string Name)
{
    public string Attack { get; init; } = Name;

    /// <summary>Done while it attacks.</summary>
    public Func<Scene, Task>? During { get; init; }

    /// <summary>Done when the attack is over.</summary>
    public Func<Scene, Task>? After { get; init; }

    /// <summary>Whether the hostile context imports its code.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>How long the root's logger takes for a record.</summary>
    public TimeSpan LogTime { get; init; }
}
