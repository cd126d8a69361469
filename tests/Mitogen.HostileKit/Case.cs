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

    /// <summary>Whether the root's process exports spans.</summary>
    public bool IsTraced { get; init; }

    /// <summary>Whether the hostile context imports its code.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>How many bytes of the root's may live at the end, where all calls are over by then: what is kept for the next ones.</summary>
    public long Kept { get; init; } = long.MaxValue;

    /// <summary>How long the root's logger takes for a record.</summary>
    public TimeSpan LogTime { get; init; }
}
