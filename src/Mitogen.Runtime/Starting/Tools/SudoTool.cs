using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// sudo, and sudo-rs. It asks with a prompt of ours, on standard error, and reads the password from standard input, so neither a terminal nor
/// the prompt's language matters. sudo starts <c>/bin/sh</c>, even where a login shell is wanted: nothing of the other user's runs before
/// that has said its word, and what asks until then is sudo.
/// </summary>
internal sealed class SudoTool(SudoConnection connection, string marker) : Tool
{
    private readonly string _prompt = $"[mitogen:{marker}]";

    public override string File => connection.SudoPath;

    public override IReadOnlyDictionary<string, string?> Environment => Untranslated;

    public override IReadOnlyList<string> Arguments(string script)
    {
        List<string> arguments = ["-S", "-p", _prompt, "-u", connection.User];
        if (connection.Login)
        {
            arguments.Add("-H");
        }

        if (connection.PreserveEnvironment)
        {
            arguments.Add("-E");
        }

        if (connection.SelinuxRole is { } role)
        {
            arguments.AddRange(["-r", role]);
        }

        if (connection.SelinuxType is { } type)
        {
            arguments.AddRange(["-t", type]);
        }

        return [.. arguments, "--", "/bin/sh", "-c", connection.Login ? StageScripts.Introduction(marker) : script];
    }

    public override Reply? Reply(Asked asked)
    {
        // sudo-rs writes words of its own around the prompt.
        int at = asked.IsOnOutput ? -1 : asked.Text.IndexOf(_prompt, StringComparison.Ordinal);
        return at < 0 ? null
            : QuestionWords.AsksForOther(asked.Text[(at + _prompt.Length)..]) ? new Reply.Refuse(Unanswerable(asked))
            : asked.Given.Count == 0 ? new Reply.Type(
                $"the password for sudo to {connection.User}", "SudoConnection.Password", connection.Password)

            // It shows our prompt for each question of PAM's. After a wrong password it says so in a line of its own.
            : asked.Before is { Count: 0 } || TellsOfExpiry(asked) ? new Reply.Refuse(Unanswerable(asked))
            : new Reply.Refuse(new(BootstrapReason.PasswordWrong, "sudo did not accept the password: SudoConnection.Password is not right."));
    }

    public override string? Show(string line)
    {
        string shown = line.Replace($"[sudo: {_prompt}] Password: ", "", StringComparison.Ordinal).Replace(_prompt, "", StringComparison.Ordinal);
        return shown.Length == 0 && line.Length > 0 ? null : shown;
    }

    public override LaunchProblem? Explain(LaunchEnd end) => Words.Match(
        [.. end.Lines.Select(Show).OfType<string>()],
        ("sudo*Account or password is expired*", BootstrapReason.Expired, Expired),
        ("sudo*Account expired*", BootstrapReason.Expired, Expired),
        ("sudo*User account has expired*", BootstrapReason.Expired, Expired),
        ("sudo*account validation failure*", BootstrapReason.Expired,
            "The account of the user who calls sudo has expired or is locked: have it renewed."),
        ("sudo*incorrect password attempt*", BootstrapReason.PasswordWrong, Wrong),
        ("sudo*incorrect authentication attempt*", BootstrapReason.PasswordWrong, Wrong),
        ("sudo*Authentication failed*", BootstrapReason.PasswordWrong, Wrong),
        ("sudo*must have a tty*", BootstrapReason.NotAllowed, "sudo's rules ask for a terminal (requiretty): allow this user to do without."),
        ("sudo*a password is required", BootstrapReason.PasswordRequired, Required),
        ("sudo*a terminal is required*", BootstrapReason.PasswordRequired, Required),
        ("sudo*authentication is required", BootstrapReason.PasswordRequired, Required),
        ("* is not in the sudoers file*", BootstrapReason.NotAllowed, "The user may not use sudo here: add a rule to sudoers."),
        ("*, user * may not run sudo on *", BootstrapReason.NotAllowed, "The user may not use sudo here: add a rule to sudoers."),
        ("*, user * is not allowed to *", BootstrapReason.NotAllowed, Denied),
        ("sudo*I'm sorry *. I'm afraid I can't do that", BootstrapReason.NotAllowed, Denied),
        ("sudo*unknown user*", BootstrapReason.NotAllowed, $"There is no user {connection.User}."),
        ("sudo*user '*' not found", BootstrapReason.NotAllowed, $"There is no user {connection.User}."));

    private const string Wrong = "sudo did not accept the password: SudoConnection.Password is not right.";

    private const string Required = "sudo asks for a password: set SudoConnection.Password.";

    private static string Expired => QuestionWords.Expired("the user who calls sudo");

    private string Denied => $"sudo does not allow this user to run /bin/sh as {connection.User}: add a rule to sudoers.";
}
