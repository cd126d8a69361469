using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>The facts about the end of a way that was open, while no shell has spoken; if one did, the lines may be the other side's, and there
/// are none here.</summary>
public sealed record LaunchEnd
{
    /// <param name="exit">How it ended; without code and signal if it has not.</param>
    /// <param name="lines">The lines on standard error before a shell spoke, from the first one on, as many as are kept.</param>
    internal LaunchEnd(ChildExit exit, IReadOnlyList<string> lines)
    {
        Exit = exit;
        Lines = lines;
        Last = lines;
    }

    /// <summary>The exit status; <see langword="null"/> if it has not ended or nobody can tell.</summary>
    public int? ExitStatus => Exit.Code;

    /// <summary>The last lines on standard error, oldest first.</summary>
    public IReadOnlyList<string> Last { get; internal init; }

    /// <summary>The last lines on standard output, oldest first, without what is the runtime's own.</summary>
    public IReadOnlyList<string> Output { get; internal init; } = [];

    /// <summary>Whether it ended by itself before a shell spoke.</summary>
    public bool HasEnded { get; internal init; }

    /// <summary>The same, and nobody had printed anything.</summary>
    public bool WasSilent { get; internal init; }

    /// <summary>How it ended.</summary>
    internal ChildExit Exit { get; }

    /// <summary>The lines of <see cref="Last"/>, but from the first one on where there are more than are kept.</summary>
    internal IReadOnlyList<string> Lines { get; init; }

    /// <summary>The questions that were answered.</summary>
    internal IReadOnlyList<Answered> Given { get; init; } = [];
}
