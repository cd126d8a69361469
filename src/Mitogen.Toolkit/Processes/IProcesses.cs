namespace Mitogen.Toolkit;

/// <summary>
/// Runs programs on the machine of a context. Each context whose program references the package serves it: <c>host.Get&lt;IProcesses&gt;()</c>.
/// </summary>
/// <remarks>
/// Safe for use by several threads at once; any number of processes run beside each other. A program is found on the <c>PATH</c> that it gets,
/// never in the current folder. A process that could not be started is one of these exceptions, and names the program and the context:
/// <see cref="FileNotFoundException"/> (no such program), <see cref="DirectoryNotFoundException"/> (no such folder),
/// <see cref="UnauthorizedAccessException"/> (it may not be executed, or the user may not be changed), <see cref="KeyNotFoundException"/> (no such
/// user or group), <see cref="ArgumentException"/> (the command makes no sense), <see cref="IOException"/> (anything else).
/// </remarks>
[Remote]
public interface IProcesses
{
    /// <summary>Runs a program to its end, and gathers what it prints, up to <see cref="ProcessCommand.MaxOutput"/>.</summary>
    /// <param name="command">The program, its arguments and the way to run it.</param>
    /// <param name="streams">Streams of the caller for input and for what is over the bound. They stay open.</param>
    /// <param name="cancellationToken">Ends the process and its group: SIGTERM, then SIGKILL after <see cref="ProcessCommand.Grace"/>.</param>
    /// <returns>
    /// The result, also of a program that failed or was ended after <see cref="ProcessCommand.Timeout"/>:
    /// <see cref="ProcessResult.EnsureSuccess"/> makes an exception of that.
    /// </returns>
    /// <exception cref="ArgumentException">The command makes no sense, or is to outlive the link.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ContextLostException">The context is gone; the process was ended with it.</exception>
    Task<ProcessResult> RunAsync(ProcessCommand command, ProcessStreams? streams = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a program, whose streams are read and written while it runs.</summary>
    /// <param name="command">The program, its arguments and the way to run it. <see cref="ProcessCommand.MaxOutput"/> does not count here.</param>
    /// <param name="cancellationToken">Gives the start up. Later it means nothing: dispose the process.</param>
    /// <returns>The process. Whoever disposes it, or loses the context, ends it, unless <see cref="ProcessCommand.OutlivesLink"/> says otherwise.</returns>
    /// <exception cref="ContextLostException">The context is gone.</exception>
    Task<RemoteProcess> StartAsync(ProcessCommand command, CancellationToken cancellationToken = default);
}
