using Mitogen.Bootstrap;

namespace Mitogen.Connections.Tools;

/// <summary>doas, which asks on its terminal or not at all.</summary>
internal sealed class DoasTool(DoasConnection connection) : Tool
{
    public override string File => connection.DoasPath;

    public override bool NeedsTerminal => connection.Password is not null;

    public override IReadOnlyList<string> Arguments(string script) =>
        [.. NeedsTerminal ? Array.Empty<string>() : ["-n"], "-u", connection.User, "--", "sh", "-c", script];

    public override Question? Asks(string tail, bool isSecret) =>
        isSecret ? new Question($"the password for doas to {connection.User}", "DoasConnection.Password", connection.Password) : null;

    public override LaunchProblem? Explain(LaunchEnd end) => Match(
        end,
        ("Authentication required", BootstrapReason.PasswordRequired, "doas asks for a password: set DoasConnection.Password."),
        ("Authentication failed", BootstrapReason.PasswordWrong, "doas did not accept the password."),
        ("Operation not permitted", BootstrapReason.NotAllowed, $"doas does not allow this user to run a shell as {connection.User}."),
        ("unknown user", BootstrapReason.NotAllowed, $"There is no user {connection.User}."),
        ("doas is not enabled", BootstrapReason.NotAllowed, "There is no doas.conf here."));
}
