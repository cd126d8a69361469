namespace Mitogen.Hosts.Tests.Endings;

/// <summary>One case of the matrix.</summary>
/// <param name="Target">How the last context is reached.</param>
/// <param name="Ending">What ends it.</param>
/// <param name="IsFar">Whether two local contexts are above it.</param>
public sealed record EndingCell(string Target, Ending Ending, bool IsFar)
{
    /// <summary>The variable that lets all cells run, and not a choice in which each pair of values is.</summary>
    public const string AllVariable = "MITOGEN_ENDINGS";

    public static IReadOnlyList<string> Targets { get; } = ["local", "ssh", "ssh+sudo", "su", "docker"];

    /// <summary>All that make sense.</summary>
    public static IEnumerable<EndingCell> All { get; } =
    [
        .. from target in Targets
           from ending in Enum.GetValues<Ending>()
           from far in (bool[])[false, true]
           let cell = new EndingCell(target, ending, far)
           where cell.Exists
           select cell,
    ];

    /// <summary>Each target with each ending, near and far in turns.</summary>
    public static IEnumerable<EndingCell> Chosen { get; } =
        Environment.GetEnvironmentVariable(AllVariable) == "all" ? All : [.. All.Where(cell => cell.IsOnlyPlace || cell.IsFar == cell.PrefersFar)];

    /// <summary>
    /// Whether the last context is well all the same: sudo and su give it their own streams, and it has left their process group.
    /// </summary>
    public bool LivesOn => Ending == Ending.KillTool && (Target is "ssh+sudo" or "su");

    /// <summary>Whether nobody is left who would end the subprocesses: a context that is killed cannot, and its parent is not where they are.</summary>
    public bool LeavesSubprocesses => Ending == Ending.KillContext && Target is not "local";

    private bool HasMiddle => IsFar || Target == "ssh+sudo";

    // A local context has no tool.
    private bool Exists => Ending switch
    {
        Ending.KillTool => Target != "local",
        Ending.HangUpMiddle => HasMiddle,
        _ => true,
    };

    private bool PrefersFar => (Targets.ToList().IndexOf(Target) + (int)Ending) % 2 == 1;

    private bool IsOnlyPlace => !(this with { IsFar = !IsFar }).Exists;

    /// <summary>What the root is to hear of the last context; <see langword="null"/> where the root itself is gone.</summary>
    public DisconnectKind? Kind => Ending switch
    {
        Ending.Dispose => DisconnectKind.Disposed,
        Ending.Terminate or Ending.HangUp or Ending.KillRoot => null,
        Ending.StopRoot => IsFar || Target == "ssh+sudo" ? DisconnectKind.AncestorLost : DisconnectKind.ParentSilent,
        Ending.StopContext => DisconnectKind.KeepAlive,

        // Its subprocesses hold its standard error, and so ssh's channel: only silence tells.
        Ending.KillContext when Target == "ssh" => DisconnectKind.KeepAlive,
        Ending.KillContext or Ending.TerminateContext => DisconnectKind.Exited,
        Ending.KillTool when LivesOn => null,
        Ending.KillTool => DisconnectKind.ToolEnded,
        _ => DisconnectKind.AncestorLost,
    };

    /// <summary>The exit status that comes with it; <see langword="null"/> where none is known.</summary>
    public int? ExitCode => Ending switch
    {
        Ending.KillContext => Target == "ssh" ? null : 137,
        Ending.TerminateContext => 143,
        _ => null,
    };

    public override string ToString() => $"{Target} {Ending} {(IsFar ? "far" : "near")}";
}
