using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>The facts that a tool's end tells, beside its exit status.</summary>
/// <param name="Exit">How it ended; without code and signal if it has not.</param>
/// <param name="Lines">The lines on standard error before a shell spoke, from the first one on, as many as are kept; none if one did: then they
/// may be the other side's.</param>
internal sealed record LaunchEnd(ChildExit Exit, IReadOnlyList<string> Lines)
{
    /// <summary>The last of all of these lines, oldest first: where there are more than are kept, these are what the end of them was.</summary>
    public IReadOnlyList<string> Last { get; init; } = Lines;

    /// <summary>The questions that were answered.</summary>
    public IReadOnlyList<Answered> Given { get; init; } = [];

    /// <summary>The last lines on standard output, as far as they are no stage's; likewise.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Whether it ended by itself before a shell spoke.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The same, and nobody had printed anything.</summary>
    public bool WasSilent { get; init; }
}
