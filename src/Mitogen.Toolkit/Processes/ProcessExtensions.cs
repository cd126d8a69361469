namespace Mitogen.Toolkit;

/// <summary>Shorter forms of the calls of <see cref="IProcesses"/>.</summary>
public static class ProcessExtensions
{
    /// <summary>Runs a program to its end, as <see cref="IProcesses.RunAsync"/> does.</summary>
    /// <param name="processes">Where.</param>
    /// <param name="program">A path, or a name that is looked up on <c>PATH</c>.</param>
    /// <param name="arguments">The arguments, each passed as it is.</param>
    /// <param name="cancellationToken">Ends the process and its group.</param>
    /// <returns>The result.</returns>
    public static Task<ProcessResult> RunAsync(
        this IProcesses processes, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(processes);
        return processes.RunAsync(new ProcessCommand(program, arguments), null, cancellationToken);
    }

    /// <summary>Runs a script of <c>/bin/sh</c> to its end. Put what varies into the arguments, and not into the script.</summary>
    /// <param name="processes">Where.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its <c>$1</c>, <c>$2</c> and so on, which are never read as script.</param>
    /// <param name="cancellationToken">Ends the process and its group.</param>
    /// <returns>The result.</returns>
    public static Task<ProcessResult> ShellAsync(
        this IProcesses processes, string script, IReadOnlyList<string>? arguments = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(processes);
        return processes.RunAsync(ProcessCommand.Shell(script, arguments ?? []), null, cancellationToken);
    }
}
