using System.Globalization;
using Mitogen.Bootstrap;

namespace Mitogen.Connections.Tools;

/// <summary>OpenSSH's client. Its messages are not translated, so they are told apart by their words.</summary>
internal sealed class SshTool(SshConnection connection) : Tool
{
    public override string File => connection.SshPath;

    public override string Remedy => "Install OpenSSH's client, name it in SshConnection.SshPath, or use the package Mitogen.Ssh, which needs none.";

    public override bool IsNear => false;

    // ssh asks on its terminal or not at all.
    public override bool NeedsTerminal => connection.Password is not null || connection.Passphrase is not null;

    private string Target => connection.User is { } user ? $"{user}@{connection.Host}" : connection.Host;

    public override IReadOnlyList<string> Arguments(string script)
    {
        List<string> arguments = ["-T", "-e", "none"];
        if (connection.ConfigFile is { } config)
        {
            arguments.AddRange(["-F", config]);
        }

        if (connection.User is { } user)
        {
            arguments.AddRange(["-l", user]);
        }

        if (connection.Port is { } port)
        {
            arguments.AddRange(["-p", port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (connection.IdentityFile is { } identity)
        {
            arguments.AddRange(["-i", identity, "-o", "IdentitiesOnly=yes"]);
        }

        if (connection.Compression)
        {
            arguments.Add("-C");
        }

        foreach (string option in Options())
        {
            arguments.AddRange(["-o", option]);
        }

        // The user's own come last: of a -o given twice, ssh takes the first.
        return [.. arguments, .. connection.Options, "--", connection.Host, StageScripts.InAnyShell(script)];
    }

    public override Question? Asks(string tail, bool isSecret) => !isSecret ? null
        : tail.Contains("passphrase", StringComparison.OrdinalIgnoreCase)
            ? new Question("the passphrase of a private key", "SshConnection.Passphrase", connection.Passphrase)
            : new Question($"the password of {Target}", "SshConnection.Password", connection.Password);

    public override LaunchProblem? Explain(LaunchEnd end)
    {
        if (end.Lines.LastOrDefault(line => line.Contains("Permission denied (", StringComparison.Ordinal)) is { } denied)
        {
            return ExplainDenial(denied);
        }

        return Match(
            end,
            ("REMOTE HOST IDENTIFICATION HAS CHANGED", BootstrapReason.HostKeyChanged,
                $"The host key of {connection.Host} is not the one that is known: somebody may be in between, or the host was installed anew. " +
                $"If it was, remove the old key (ssh-keygen -R {connection.Host})."),
            ("Host key verification failed", BootstrapReason.HostKeyUnknown,
                $"The host key of {connection.Host} is not known. Add it to known_hosts, or set SshConnection.HostKeyPolicy to AcceptNew."),
            ("Could not resolve hostname", BootstrapReason.NameNotFound, $"The name {connection.Host} could not be resolved."),
            ("Connection refused", BootstrapReason.Refused, $"{Place} refuses connections: does sshd listen there?"),
            ("No route to host", BootstrapReason.Refused, $"There is no route to {Place}."),
            ("Network is unreachable", BootstrapReason.Refused, $"There is no route to {Place}."),
            ("Connection timed out", BootstrapReason.TimedOut, $"{Place} did not answer in time."),
            ("Too many authentication failures", BootstrapReason.AuthenticationFailed,
                $"{Target} refused too many keys: name the right one in SshConnection.IdentityFile."),
            ("Bad configuration option", BootstrapReason.NotAllowed, "ssh refuses an option of the connection or of its configuration."),
            ("sh: not found", BootstrapReason.ToolNotFound, $"There is no sh on {connection.Host}."),
            ("account is currently not available", BootstrapReason.NotAllowed, $"{Target} has no login shell."));
    }

    private string Place => connection.Port is { } port ? $"{connection.Host}, port {port}" : connection.Host;

    // In brackets stand the ways that are left: with a password among them, one would have been tried if the connection had one.
    private LaunchProblem ExplainDenial(string denied)
    {
        bool takesPassword = denied.Contains("password", StringComparison.Ordinal) || denied.Contains("keyboard-interactive", StringComparison.Ordinal);
        return connection.Password is not null && takesPassword
            ? new(BootstrapReason.PasswordWrong, $"{Target} did not accept the password.")
            : takesPassword && connection.IdentityFile is null
                ? new(BootstrapReason.PasswordRequired,
                    $"{Target} accepts none of the keys at hand. Name one in SshConnection.IdentityFile, or set SshConnection.Password.")
                : new(BootstrapReason.AuthenticationFailed, $"{Target} does not accept the keys at hand.");
    }

    private IEnumerable<string> Options()
    {
        // One connection of its own for each context: another program's master could end it, and would hide why it failed.
        yield return "ControlMaster=no";
        yield return "ControlPath=none";
        yield return "RemoteCommand=none";
        yield return $"ConnectTimeout={Math.Ceiling(connection.ConnectTimeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)}";
        yield return "StrictHostKeyChecking=" + connection.HostKeyPolicy switch
        {
            HostKeyPolicy.Enforce => "yes",
            HostKeyPolicy.AcceptNew => "accept-new",
            _ => "no",
        };
        if (connection.HostKeyPolicy == HostKeyPolicy.Ignore)
        {
            // Without the warning that the key was added to a list that is not kept.
            yield return "LogLevel=ERROR";
            yield return "GlobalKnownHostsFile=/dev/null";
            yield return "UserKnownHostsFile=/dev/null";
        }
        else if (connection.KnownHostsFile is { } file)
        {
            yield return $"UserKnownHostsFile={file}";
        }

        if (connection.KeepAlive is { } interval)
        {
            yield return $"ServerAliveInterval={Math.Ceiling(interval.TotalSeconds).ToString(CultureInfo.InvariantCulture)}";
        }

        // Each secret is given once: a second try would only repeat it.
        yield return NeedsTerminal ? "NumberOfPasswordPrompts=1" : "BatchMode=yes";
    }
}
