using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// su, which reads the password from its standard input when that is no terminal, and asks on standard error (of busybox, on standard output)
/// in PAM's words and any language. It starts <c>/bin/sh</c>, even where a login shell is wanted: until that has said its word, what asks is
/// su, and its first question is the password's.
/// </summary>
internal sealed class SuTool(SuConnection connection, string marker) : Tool
{
    // By itself, "su -" makes a login shell of the one that it is given, which runs the user's profile. It does not make one of env.
    private static readonly string s_env = System.IO.File.Exists("/usr/bin/env") || !System.IO.File.Exists("/bin/env") ? "/usr/bin/env" : "/bin/env";

    public override string File => connection.SuPath;

    public override IReadOnlyDictionary<string, string?> Environment => Untranslated;

    // An account of a service has no login shell: sh takes its place where root or the rules let it.
    public override IReadOnlyList<string> Arguments(string script) => connection.Login
        ? ["-l", "-s", s_env, "--", connection.User, "/bin/sh", "-c", StageScripts.Introduction(marker)]
        : ["-s", "/bin/sh", connection.User, "-c", StageScripts.InAnyShell(script)];

    public override Reply? Reply(Asked asked) =>
        IsBeginning(asked.Text) ? null
        : QuestionWords.AsksForOther(asked.Text)
            ? asked.Standing == Standing.Fresh ? null : new Reply.Refuse(Unanswerable(asked))
            : asked.Given.Any(given => given.Text == asked.Text) ? new Reply.Refuse(new(
                BootstrapReason.PasswordWrong, "su asks for the password again: SuConnection.Password is not right."))
            : asked.Given.Count > 0 || (asked.Standing == Standing.Fresh && !QuestionWords.IsQuestion(asked.Text)) ? null
            : new Reply.Type($"the password of {connection.User}", "SuConnection.Password", connection.Password);

    // su writes a message of its own in two pieces, of which the first ends as a question does.
    private bool IsBeginning(string text) => text.TrimEnd() == Path.GetFileName(File) + ":";

    // A user whose shell is not in /etc/shells has that one, whatever it is asked for: it may run files of the user's at once.
    public override bool IsLastWord(string line) => Words.Has(line, "*using restricted shell *");

    public override LaunchProblem? Explain(LaunchEnd end) => Words.Match(
        end.Lines,
        ("*Your account has expired*", BootstrapReason.Expired, Expired),
        ("*You are required to change your password*", BootstrapReason.Expired, Expired),
        ("su: User account has expired", BootstrapReason.Expired, Expired),
        ("su: user * does not exist*", BootstrapReason.NotAllowed, Unknown),
        ("su: unknown user*", BootstrapReason.NotAllowed, Unknown),
        ("su: user '*' not found", BootstrapReason.NotAllowed, Unknown),
        ("This account is currently not available.", BootstrapReason.NotAllowed, NoShell),
        ("su: bad salt", BootstrapReason.NotAllowed, $"The account {connection.User} is locked: it has no password that su could ask for. Start it as root."),
        ("su: can't execute '*", BootstrapReason.NotAllowed, NoShell),
        ("su: *ermission denied", BootstrapReason.NotAllowed, $"This user may not become {connection.User}."),
        ("*su: Authentication failure", Refused.Reason, Refused.Message),
        ("*su: incorrect password", Refused.Reason, Refused.Message),
        ("su*Authentication failed*", Refused.Reason, Refused.Message),
        ("su: *attempts", Refused.Reason, Refused.Message))
        ?? Words.Match(end.Output, ("This account is currently not available.", BootstrapReason.NotAllowed, NoShell))
        ?? Words.Match(end.Lines, ("*using restricted shell *", BootstrapReason.NotAllowed,
            $"su lets this user start no other shell of {connection.User} than that user's own, which is not in /etc/shells" +
            (connection.Login ? ": add it there, or leave out SuConnection.Login." : ", and runs nothing: give the account a shell, or start it as root.")));

    private (BootstrapReason Reason, string Message) Refused => connection.Password is null
        ? (BootstrapReason.AuthenticationFailed, $"su refuses {connection.User}.")
        : (BootstrapReason.PasswordWrong, "su did not accept the password: SuConnection.Password is not right.");

    private string Expired => QuestionWords.Expired(connection.User);

    private string Unknown => $"There is no user {connection.User}.";

    private string NoShell => $"{connection.User} has no login shell: leave out SuConnection.Login, or start it as root.";
}
