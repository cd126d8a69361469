using Mitogen.Connections;
using Mitogen.Processes;

namespace Mitogen;

/// <summary>
/// A connection that brings its own way to a shell instead of a tool's process: <see cref="StreamConnection"/>, and those of Mitogen's
/// packages beside this one. It exists in the process that made it, and contexts are started by it from there only.
/// </summary>
public abstract record CarriedConnection : Connection
{
    private protected CarriedConnection()
    {
    }

    /// <summary>Opens the way and lets the shell at its end run a command.</summary>
    /// <param name="command">The command, fit for a shell of any kind.</param>
    /// <param name="lines">Takes each line of the other side's standard error, where there is one.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StartRefusedException">It could not be opened, for a reason that it knows.</exception>
    internal abstract Task<ICarrier> OpenAsync(string command, Action<string> lines, CancellationToken cancellationToken);

    /// <summary>Why no context came up though it was open, if the end tells; <see langword="null"/> if not.</summary>
    /// <param name="end">How the shell's process ended, if that is known, and what it printed.</param>
    internal virtual LaunchProblem? Explain(LaunchEnd end) => null;
}
