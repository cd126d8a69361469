using System.Collections.ObjectModel;
using Mitogen.Connections.Tools;
using Mitogen.Processes;

namespace Mitogen.Bootstrap;

/// <summary>Why a context cannot be started, or was not.</summary>
internal sealed record LaunchProblem(BootstrapReason Reason, string Message);

/// <summary>The facts that a tool's end tells.</summary>
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

/// <summary>The end of the process that carried the link to a context that was up.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="Lines">The last lines on its standard error, oldest first: its own and the context's.</param>
/// <param name="WasBeforeLink">Whether it ended while the other end of the link was still held by somebody.</param>
internal sealed record CarrierEnd(ChildExit Exit, IReadOnlyList<string> Lines, bool WasBeforeLink)
{
    /// <summary>The reason where it was the context's own process, or one that ends as that did.</summary>
    public DisconnectReason AsItsOwn() => Exit.Code is > 128 and < 160 and var code && new ChildExit(null, code - 128) is var killed
        ? new DisconnectReason(DisconnectKind.Exited, $"Its process {killed}.", code)
        : new DisconnectReason(DisconnectKind.Exited, $"Its process {Exit}.", Exit.Code ?? (Exit.Signal is { } signal ? 128 + signal : null));

    /// <summary>The tool itself was ended here.</summary>
    /// <param name="tool">The program.</param>
    public DisconnectReason AsTool(string tool) => new(
        DisconnectKind.ToolEnded, $"'{tool}', which carried the link to it, {Exit} on this side. The context ends by itself when it notices.");

    /// <summary>The tool lost its own connection.</summary>
    /// <param name="line">Its own words.</param>
    public static DisconnectReason AsLoss(string line) => new(
        DisconnectKind.LinkBroken, $"The connection to it was lost: {line}. The context ends by itself when it notices.");
}

/// <summary>
/// The command that starts a context, and what is said to it before its hello. Dispose it once the context said hello or ended.
/// </summary>
internal abstract class Launch : IDisposable
{
    /// <summary>The program to run.</summary>
    public abstract string File { get; }

    /// <summary>Its arguments, without the program's own name.</summary>
    public abstract IReadOnlyList<string> Arguments { get; }

    /// <summary>Changes to this process's environment for it.</summary>
    public virtual IReadOnlyDictionary<string, string?> Environment => ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>Whether it asks for secrets on a terminal, and not on its standard error.</summary>
    public virtual bool NeedsTerminal => false;

    /// <summary>Whether the other side is on this machine, so that no network is between.</summary>
    public virtual bool IsNear => true;

    /// <summary>The advice when it is not found.</summary>
    public virtual string Remedy => "";

    /// <summary>Chooses what to send to a shell by its report; <see langword="null"/> where the command is the context itself.</summary>
    public virtual Func<TargetReport, CancellationToken, Task<SecondStage>>? Choose => null;

    /// <summary>Where a context that is started without a shell has the program's code from.</summary>
    public virtual ProgramCode Code => ProgramCode.Folder;

    /// <summary>Why it did not come up, if its end tells; <see langword="null"/> if not.</summary>
    public virtual Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult<LaunchProblem?>(null);

    /// <summary>The reason that the end of its process tells for the end of the context, which said no last word itself.</summary>
    public virtual DisconnectReason Tell(CarrierEnd end) => end.Exit.Code is not null
        ? new DisconnectReason(DisconnectKind.Exited, $"Its process {end.Exit}.", end.Exit.Code) : end.AsItsOwn();

    /// <summary>Takes each line of its standard error or terminal, in their order with what is <see cref="Answer"/>ed.</summary>
    /// <returns>Whether people are to see it: not a question that was answered.</returns>
    public virtual bool Hear(string line) => true;

    /// <summary>A shell at the other end has spoken: nothing is answered any more.</summary>
    public virtual void EndQuestions()
    {
    }

    /// <summary>The answer to what stands unterminated on its outputs.</summary>
    /// <returns>
    /// The text to type, which may be nothing but the Enter key; <see langword="null"/> if it is no question, or none yet.
    /// </returns>
    /// <exception cref="StartRefusedException">There is no answer to it, or it was given already.</exception>
    public virtual Secret? Answer(Asked asked) => null;

    /// <summary>A line of its standard error as people are to see it; <see langword="null"/> if they are not.</summary>
    public virtual string? Show(string line) => line;

    public virtual void Dispose()
    {
    }
}
