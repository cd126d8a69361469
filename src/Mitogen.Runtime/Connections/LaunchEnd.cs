using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>The facts that a tool's end tells, beside its exit status.</summary>
/// <param name="Exit">How it ended; without code and signal if it has not.</param>
/// <param name="Lines">The last lines it printed on standard error before a shell spoke, oldest first; none if one did: then they may be the
/// other side's.</param>
internal sealed record LaunchEnd(ChildExit Exit, IReadOnlyList<string> Lines)
{
    /// <summary>The last lines on standard output, as far as they are no stage's; likewise.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>Whether it ended by itself before a shell spoke, and nobody had printed anything.</summary>
    public bool WasSilent { get; init; }
}
