using Mitogen.Connections;

namespace Mitogen;

/// <summary>
/// A connection that brings its own way to a shell in the place of a tool's process: <see cref="StreamConnection"/>, those of Mitogen's packages
/// beside this one, and your own. It exists in the process that made it, and contexts are started by it from there only.
/// </summary>
public abstract record CarriedConnection : Connection
{
    /// <summary>Opens the way, and lets the shell at its end run a command. Not called by users, and on a thread of the pool.</summary>
    /// <param name="command">The command: one line of ASCII, fit for a shell of any kind, also behind the <c>-c</c> of one. It takes the place
    /// of the shell, and its standard input and output are those of the <see cref="Carrier"/>.</param>
    /// <param name="errors">Takes what the shell writes to standard error, and what else people should read, from any thread; lines go to the
    /// log. Dispose it when no more comes.</param>
    /// <param name="cancellationToken">Gives it up: the start was, or its time is over. Whoever goes on for more than seconds after that is not
    /// waited for, and what is opened then is ended at once.</param>
    /// <returns>The way.</returns>
    /// <exception cref="StartRefusedException">It could not be opened, for a reason that it knows. Any other exception, too, fails the start with
    /// a <see cref="BootstrapException"/>, except <see cref="ArgumentException"/>, which is thrown as it is.</exception>
    protected abstract Task<Carrier> OpenAsync(string command, Stream errors, CancellationToken cancellationToken);

    /// <summary>Why no context came up though the way was open.</summary>
    /// <param name="end">The end of the way.</param>
    /// <returns>The reason; <see langword="null"/>, the default, if the end does not tell.</returns>
    protected virtual LaunchProblem? Explain(LaunchEnd end) => null;

    internal Task<Carrier> OpenWayAsync(string command, Stream errors, CancellationToken cancellationToken) => OpenAsync(command, errors, cancellationToken);

    internal LaunchProblem? ExplainEnd(LaunchEnd end) => Explain(end);
}
