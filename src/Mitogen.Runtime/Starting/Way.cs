using Mitogen.Connections;
using Mitogen.Executables;
using Mitogen.Processes;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>
/// The way to a new context: a process that is the context, a tool that brings a shell to life elsewhere, or a stream behind which a shell
/// waits. Dispose it once the context said hello or ended.
/// </summary>
internal abstract class Way : IDisposable
{
    /// <summary>Whether the other end is on this machine, so that no network is between.</summary>
    public abstract bool IsNear { get; }

    /// <summary>The thing that ended, as the subject of a sentence.</summary>
    public virtual string Process => "The process";

    /// <summary>Chooses what to send to the shell at its end, by that shell's report; <see langword="null"/> where the context itself is there.</summary>
    public virtual Func<TargetReport, CancellationToken, Task<SecondStage>>? Choose => null;

    /// <summary>The place that a context which is started without a shell has the program's code from.</summary>
    public virtual ProgramCode Code => ProgramCode.Folder;

    /// <summary>The questions of the tool; <see langword="null"/> where none are asked.</summary>
    public virtual Interview? Interview => null;

    /// <summary>Opens it. The carrier is the caller's to end.</summary>
    /// <param name="onLine">Takes each line of standard error.</param>
    /// <param name="typist">Answers the questions of the tool.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StartRefusedException">It could not be opened, for a reason that is known.</exception>
    public abstract Task<ICarrier> OpenAsync(Action<string> onLine, Typist typist, CancellationToken cancellationToken);

    /// <summary>Why no context came up, if its end tells; <see langword="null"/> if not.</summary>
    public virtual Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult<LaunchProblem?>(null);

    /// <summary>The word that the end of its process says of the context, which said no last word itself.</summary>
    public virtual DisconnectReason Tell(CarrierEnd end) => end.Exit.Code is not null
        ? new DisconnectReason(DisconnectKind.Exited, $"Its process {end.Exit}.", end.Exit.Code) : end.AsItsOwn();

    /// <summary>A line of standard error as people are to see it; <see langword="null"/> if they are not.</summary>
    public virtual string? Show(string line) => line;

    public virtual void Dispose()
    {
    }
}
