using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>
/// doas, which asks on its terminal or not at all, in its own words or PAM's. The terminal shows nothing of what is typed then; and doas
/// starts <c>sh</c>, so that its first question is the password's.
/// </summary>
internal sealed class DoasTool(DoasConnection connection) : Tool
{
    public override string File => connection.DoasPath;

    public override bool NeedsTerminal => connection.Password is not null;

    public override IReadOnlyList<string> Arguments(string script) =>
        [.. NeedsTerminal ? Array.Empty<string>() : ["-n"], "-u", connection.User, "--", "sh", "-c", script];

    public override Reply? Reply(Asked asked) =>
        !asked.IsHidden || asked.IsOnOutput ? null
        : asked.Given.Count > 0 || QuestionWords.AsksForOther(Question(asked.Text)) ? new Reply.Refuse(Unanswerable(asked))
        : new Reply.Type($"the password for doas to {connection.User}", "DoasConnection.Password", connection.Password);

    // Users and hosts may be called anything.
    private static string Question(string text) => text.StartsWith("doas (", StringComparison.Ordinal) ? text[(text.LastIndexOf(')') + 1)..] : text;

    public override LaunchProblem? Explain(LaunchEnd end) => Words.Match(
        end.Lines,
        ("*Your account has expired*", BootstrapReason.Expired, Expired),
        ("*You are required to change your password*", BootstrapReason.Expired, Expired),
        ("doas: Authentication required", BootstrapReason.PasswordRequired, "doas asks for a password: set DoasConnection.Password."),
        ("doas: Authentication failed", BootstrapReason.PasswordWrong, "doas did not accept the password: DoasConnection.Password is not right."),
        ("doas: Operation not permitted", BootstrapReason.NotAllowed,
            $"doas does not allow this user to run a shell as {connection.User}: add a rule to doas.conf."),
        ("doas: unknown user*", BootstrapReason.NotAllowed, $"There is no user {connection.User}."),
        ("doas: doas is not enabled*", BootstrapReason.NotAllowed, "There is no doas.conf here: make one with a rule for this user."));

    private static string Expired => QuestionWords.Expired("the user who calls doas");
}
