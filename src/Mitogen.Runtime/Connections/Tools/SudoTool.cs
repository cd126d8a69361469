using Mitogen.Bootstrap;

namespace Mitogen.Connections.Tools;

/// <summary>
/// sudo. It asks with a prompt of ours, on standard error, and reads the password from standard input, so neither a terminal nor the
/// prompt's language matters.
/// </summary>
internal sealed class SudoTool(SudoConnection connection, string marker) : Tool
{
    private readonly string _prompt = $"[mitogen:{marker}]";

    public override string File => connection.SudoPath;

    public override IReadOnlyDictionary<string, string?> Environment => Untranslated;

    public override IReadOnlyList<string> Arguments(string script)
    {
        List<string> arguments = ["-S", "-p", _prompt, "-u", connection.User];
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

        return connection.Login
            ? [.. arguments, "-i", "--", "sh", "-c", StageScripts.Introduction(marker)]
            : [.. arguments, "--", "sh", "-c", script];
    }

    public override Question? Asks(string tail, bool isSecret) => tail.EndsWith(_prompt, StringComparison.Ordinal)
        ? new Question($"the password for sudo to {connection.User}", "SudoConnection.Password", connection.Password)
        : null;

    public override string? Show(string line) => line == _prompt ? null : line.Replace(_prompt, "", StringComparison.Ordinal);

    public override LaunchProblem? Explain(LaunchEnd end) => Match(
        end,
        ("incorrect password attempt", BootstrapReason.PasswordWrong, "sudo did not accept the password."),
        ("a password is required", BootstrapReason.PasswordRequired, "sudo asks for a password: set SudoConnection.Password."),
        ("a terminal is required", BootstrapReason.PasswordRequired, "sudo asks for a password: set SudoConnection.Password."),
        ("is not in the sudoers file", BootstrapReason.NotAllowed, "The user may not use sudo here."),
        ("may not run sudo", BootstrapReason.NotAllowed, "The user may not use sudo here."),
        ("is not allowed to", BootstrapReason.NotAllowed, $"sudo does not allow this user to run a shell as {connection.User}."),
        ("unknown user", BootstrapReason.NotAllowed, $"There is no user {connection.User}."),
        ("must have a tty", BootstrapReason.NotAllowed, "sudo's rules ask for a terminal (requiretty): allow this user to do without."),
        ("account validation failure", BootstrapReason.NotAllowed, "The account is locked or has expired."));
}
