using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// Why nothing came of a login by ssh that succeeded, whichever client it was: by the words of sshd and of login shells. Anything that runs
/// there may print the same, so each has the exit status as well that belongs to it.
/// </summary>
/// <param name="target">The account, for people.</param>
/// <param name="host">The host.</param>
internal sealed class SshSession(string target, string host)
{
    // How login shells say that there is no sh: bash, dash and ash, ksh, zsh, csh, fish and its older versions.
    private static readonly string[] s_noShell =
    [
        "*exec: sh: not found", "*: sh: not found", "*: sh: command not found", "*: sh: not found [No such file or directory]", "*:*: command not found: sh",
        "sh: Command not found.", "fish: Unknown command: sh", "fish: Unknown command 'sh'",
    ];

    /// <param name="end">How it ended.</param>
    /// <param name="isCertain">Whether it is known that what ended was run on the other side, and said nothing of a runtime's.</param>
    public LaunchProblem? Explain(LaunchEnd end, bool isCertain) =>
        IsExpired(end) ? Expired(target)
        : end.ExitStatus is 127 or 1 && end.Last.Any(line => s_noShell.Any(form => Words.Has(line, form))) ? new(
            BootstrapReason.ToolNotFound, $"There is no sh on {host}, or not on the PATH of the login shell.")
        : Words.Match(
            [.. end.Output, .. end.Last],
            ("This account is currently not available.", BootstrapReason.NotAllowed, $"{target} has no login shell: give it one, or log in as another user."))
        ?? (end.WasSilent || (end.HasEnded && isCertain) ? RunsNothing(end) : null);

    /// <summary>An account or a password that is over its time.</summary>
    /// <param name="target">The account, for people.</param>
    public static LaunchProblem Expired(string target) => new(BootstrapReason.Expired, QuestionWords.Expired(target));

    /// <summary>A login that gets no session.</summary>
    /// <param name="target">The account, for people.</param>
    public static LaunchProblem NotOpened(string target) => new(
        BootstrapReason.NotAllowed, $"{target} can log in, but gets no session there: MaxSessions in its sshd_config is 0. Raise it.");

    /// <summary>The reason of a server that ends a connection before it says who it is.</summary>
    /// <param name="place">The server.</param>
    public static string Dropped(string place) =>
        $"{place} dropped the connection before it said who it is, as sshd does at random when more than 10 log in at the same time. Raise MaxStartups in " +
        "its sshd_config, or start fewer at once: MitogenOptions.MaxConcurrentStarts. If it does so with one at a time, too, something else refuses this " +
        "machine there: a firewall, fail2ban, PerSourcePenalties.";

    // sshd's own words in the place of a session.
    private static bool IsExpired(LaunchEnd end) => end.ExitStatus is 1 && end.Last.Zip(end.Last.Skip(1)).Any(pair =>
        pair.First.TrimEnd() == "WARNING: Your password has expired." && pair.Second.TrimEnd() == "Password change required but no TTY available.");

    private LaunchProblem RunsNothing(LaunchEnd end) => new(
        BootstrapReason.NotAllowed,
        $"{target} can log in, but the command that starts the context ended at once{(end.WasSilent ? ", without a word" : "")}. Is /bin/false the account's " +
        "shell, does sshd force another command (ForceCommand, or command= in authorized_keys), or does a file of the login shell end it (exit)? Give it a " +
        "shell, or log in as another user.");
}
