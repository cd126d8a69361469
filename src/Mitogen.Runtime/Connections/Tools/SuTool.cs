using Mitogen.Bootstrap;

namespace Mitogen.Connections.Tools;

/// <summary>su, which reads the password from its standard input when that is no terminal, and asks on standard error.</summary>
internal sealed class SuTool(SuConnection connection) : Tool
{
    public override string File => connection.SuPath;

    public override IReadOnlyDictionary<string, string?> Environment => Untranslated;

    public override bool AsksOnce => true;

    // An account of a service has no login shell: sh takes its place where root or the rules let it.
    public override IReadOnlyList<string> Arguments(string script) => connection.Login
        ? ["-", connection.User, "-c", StageScripts.InAnyShell(script)]
        : ["-s", "/bin/sh", connection.User, "-c", StageScripts.InAnyShell(script)];

    // Nothing else of su's stands unterminated. The colon keeps a banner of PAM's that comes in two pieces from being taken for it.
    public override Question? Asks(string tail, bool isSecret) => tail.TrimEnd().EndsWith(':')
        ? new Question($"the password of {connection.User}", "SuConnection.Password", connection.Password)
        : null;

    public override LaunchProblem? Explain(LaunchEnd end) => Match(
        end,
        ("does not exist", BootstrapReason.NotAllowed, $"There is no user {connection.User}."),
        ("unknown user", BootstrapReason.NotAllowed, $"There is no user {connection.User}."),
        ("account is currently not available", BootstrapReason.NotAllowed, $"{connection.User} has no login shell."),
        ("Permission denied", BootstrapReason.NotAllowed, $"This user may not become {connection.User}."),
        ("Authentication failure", connection.Password is null ? BootstrapReason.AuthenticationFailed : BootstrapReason.PasswordWrong,
            connection.Password is null ? $"su refuses {connection.User}." : "su did not accept the password."),
        ("incorrect password", BootstrapReason.PasswordWrong, "su did not accept the password."));
}
