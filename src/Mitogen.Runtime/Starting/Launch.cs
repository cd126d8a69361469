using System.Collections.ObjectModel;
using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

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

    /// <summary>What to do when it is not found.</summary>
    public virtual string Remedy => "";

    /// <summary>Chooses what to send to a shell by its report; <see langword="null"/> where the command is the context itself.</summary>
    public virtual Func<TargetReport, CancellationToken, Task<SecondStage>>? Choose => null;

    /// <summary>Where a context that is started without a shell has the program's code from.</summary>
    public virtual ProgramCode Code => ProgramCode.Folder;

    /// <summary>Why it did not come up, if its end tells; <see langword="null"/> if not.</summary>
    public virtual Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult<LaunchProblem?>(null);

    /// <summary>What the end of its process says of the context, which said no last word itself.</summary>
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
    /// <returns>What to type, which may be nothing but the Enter key; <see langword="null"/> if it is no question, or none yet.</returns>
    /// <exception cref="StartRefusedException">There is no answer to it, or it was given already.</exception>
    public virtual Secret? Answer(Asked asked) => null;

    /// <summary>A line of its standard error as people are to see it; <see langword="null"/> if they are not.</summary>
    public virtual string? Show(string line) => line;

    public virtual void Dispose()
    {
    }
}
