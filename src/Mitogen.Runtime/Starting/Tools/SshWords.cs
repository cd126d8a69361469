using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>The meaning of ssh's last words. They are not translated. Hosts on the way have words of their own, which name them.</summary>
/// <param name="connection">The connection.</param>
/// <param name="route">Where ssh went, if that is known.</param>
internal sealed class SshWords(SshConnection connection, SshRoute? route)
{
    private string Target => connection.User is { } user ? $"{user}@{connection.Host}" : connection.Host;

    private string Place => connection.Port is { } port ? $"{connection.Host}, port {port}" : connection.Host;

    // Of ssh's own status: it failed, or what it ran was killed by a signal.
    private const int Failed = 255;

    // How ssh says that its connection is gone, whoever did that.
    private static readonly string[] s_losses =
    [
        "Connection to * closed by remote host.", "Connection closed by *", "Connection reset by *", "Connection to * timed out*", "Read from remote host *",
        "Timeout, server * not responding.", "client_loop: send disconnect: *", "client_loop: ssh_packet_write_poll: *", "packet_write_wait: *",
        "ssh_packet_write_poll: *", "ssh_dispatch_run_fatal: *", "Received disconnect from *", "Disconnected from *", "kex_exchange_identification: *",
    ];

    /// <summary>Whether a line is one that ssh prints at each login and end, the one that it is asked for here included.</summary>
    public static bool IsChatter(string line) =>
        IsWelcome(line) || IsKill(line)
        || Words.Has(line, "Transferred: sent *, received * bytes, in * seconds") || Words.Has(line, "Bytes per second: sent *, received *");

    private static bool IsKill(string line) => Words.Has(line, "Killed by signal *.");

    // Versions before 8.6 do not say by what.
    private static bool IsWelcome(string line) =>
        Words.Has(line, "Authenticated to * (*) using \"*\".") || Words.Has(line, "Authenticated to * ([*]:*).") || Words.Has(line, "Authenticated to * (via proxy).");

    /// <summary>
    /// The reason that the end of ssh tells for the end of its context. ssh passes a status on, and a signal not: then it fails without a
    /// word.
    /// </summary>
    /// <param name="end">How it ended.</param>
    /// <param name="file">The program.</param>
    public static DisconnectReason Tell(CarrierEnd end, string file)
    {
        if (end.Exit.Code is not Failed)
        {
            return end.Exit.Code is null ? end.AsTool(file) : end.AsItsOwn();
        }

        return end.Lines.LastOrDefault(line => s_losses.Any(form => Words.Has(line, form))) is { } loss ? CarrierEnd.AsLoss(loss.TrimEnd('.', ' '))
            : end.Lines.LastOrDefault(IsKill) is { } killed
                ? new DisconnectReason(DisconnectKind.ToolEnded, $"'{file}', which carried the link to it, was ended on this side: {killed} The context ends by itself when it notices.")
            : new DisconnectReason(
                DisconnectKind.Exited, "Its process was killed by a signal on the target; ssh does not tell which. The target's log has it, if the kernel did it for want of memory.");
    }

    /// <summary>A host on the way whose key is not known.</summary>
    public static LaunchProblem UnknownJump(string host) => new(
        BootstrapReason.HostKeyUnknown,
        $"The host key of {host}, which is on the way, is not known. Add it to known_hosts (log in there once by hand), or set StrictHostKeyChecking for it " +
        "in ssh's configuration: SshConnection.HostKeyPolicy is for the host that the connection names alone.");

    /// <param name="end">How ssh ended.</param>
    public LaunchProblem? Explain(LaunchEnd end)
    {
        // What stands behind its word that the host has let it in is said on that host, by anything that the login runs.
        int login = end.Lines.TakeWhile(line => !IsWelcomeOfTarget(line)).Count();
        bool isIn = login < end.Lines.Count;
        return end.Exit.Code is not (null or Failed) ? new SshSession(Target, connection.Host).Explain(end, isIn && RuntimeWords.Explain(end.Last) is null)
            : ExplainLogin(end with { Lines = [.. end.Lines.Take(login)] })
            ?? (isIn && end.Lines.Skip(login + 1).FirstOrDefault() is { } next ? ExplainChannel(next) : null)
            ?? (end.HasEnded ? ExplainKill(end) : null);
    }

    // Hosts on the way have the same word, with a name and an address of their own, if the configuration makes ssh say it for them.
    private bool IsWelcomeOfTarget(string line) => IsWelcome(line) && (route is not { IsProxied: true, HostName: { } name }
        || line.StartsWith($"Authenticated to {name} ({(route.HasSocket ? "" : "via proxy)")}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Why ssh itself failed before it was let in.</summary>
    private LaunchProblem? ExplainLogin(LaunchEnd end)
    {
        if (end.Lines.Any(QuestionWords.TellsOfExpiry))
        {
            return SshSession.Expired(Target);
        }

        if (end.Lines.LastOrDefault(line => Words.Has(line, "*@*: Permission denied (*).")) is { } denied)
        {
            return new SshDenial(connection, route, end, Target).Explain(denied);
        }

        if (end.Lines.Any(line => Words.Has(line, "Host key verification failed.")))
        {
            return ExplainHostKey(end);
        }

        return Words.Match(
            end.Lines,
            ("ssh: Could not resolve hostname *", BootstrapReason.NameNotFound, $"The name {Named(end, "resolve hostname ", ':')} could not be resolved: is it right?"),
            ("ssh: connect to host *: Connection refused", BootstrapReason.Refused, $"{Refusing(end)} refuses connections: does sshd listen there?"),
            ("ssh: connect to host *: No route to host", BootstrapReason.Refused, $"There is no route to {Refusing(end)}."),
            ("ssh: connect to host *: Network is unreachable", BootstrapReason.Refused, $"There is no route to {Refusing(end)}."),
            ("ssh: connect to host *: Connection timed out", BootstrapReason.TimedOut, $"{Refusing(end)} did not answer in time."),
            ("stdio forwarding failed", BootstrapReason.Refused, $"The host on the way does not reach {Place}: does sshd listen there, and may it be forwarded to?"),
            ("Connection timed out during banner exchange", BootstrapReason.TimedOut, $"{Place} did not answer in time."),
            ("*Too many authentication failures", BootstrapReason.AuthenticationFailed,
                $"{Target} refused too many keys: name the right one in SshConnection.IdentityFile."),
            ("*Bad configuration option*", BootstrapReason.NotAllowed, "ssh refuses an option of the connection or of its configuration: see the line that it printed."))
            ?? (IsDropped(end) ? new(BootstrapReason.Busy, SshSession.Dropped(Place)) : null);
    }

    // The line that follows the login's at once, before anything ran there, is still ssh's.
    private LaunchProblem? ExplainChannel(string line) =>
        Words.Has(line, "channel 0: open failed: *: open failed") ? SshSession.NotOpened(Target) : null;

    // An ssh that carries the connection is ended by this signal when that is over.
    private LaunchProblem? ExplainKill(LaunchEnd end) =>
        end.Last.LastOrDefault(line => IsKill(line) && !(route is { IsProxied: true } && line.Contains(" 1.", StringComparison.Ordinal))) is { } killed
        ? new(BootstrapReason.ExitedEarly, $"'{connection.SshPath}' was ended on this side: {killed}") : null;

    // On a way by other hosts, ssh ends like this whatever went wrong there; then what it says besides tells.
    private static bool IsDropped(LaunchEnd end) =>
        end.Lines.Any(line => Words.Has(line, "*_exchange_identification: read: Connection reset by peer")
            || Words.Has(line, "*_exchange_identification: Connection closed by remote host")
            || Words.Has(line, "banner exchange: Connection to *: Broken pipe")
            || Words.Has(line, "banner exchange: Connection to *: Connection reset by peer"))
        && (!end.Lines.Any(line => line.Contains("UNKNOWN port", StringComparison.Ordinal)) || end.Lines.All(IsOfEnd));

    private static bool IsOfEnd(string line) => IsOfDrop(line) || Words.Has(line, "Warning: Permanently added *");

    /// <summary>Whether a line is one of those by which ssh tells that a server ends the connection before it lets anybody in.</summary>
    public static bool IsOfDrop(string line) =>
        Words.Has(line, "*_exchange_identification: *") || Words.Has(line, "Connection closed by *") || Words.Has(line, "Connection reset by *")
        || Words.Has(line, "banner exchange: *");

    // The target of a way by other hosts is not connected to by ssh itself.
    private string Refusing(LaunchEnd end)
    {
        bool isOnTheWay = route is { IsProxied: true, HostName: not null };
        string place = Named(end, "connect to host ", ':').Split(" port ") is [var host, var port] && (isOnTheWay || host != connection.Host)
            ? $"{host}, port {port}" : Place;
        return isOnTheWay ? place + " (on the way)" : place;
    }

    private string Named(LaunchEnd end, string before, char after) =>
        end.Lines.FirstOrDefault(line => line.Contains(before, StringComparison.OrdinalIgnoreCase)) is { } line
            ? line.Split(before)[^1].Split(after)[0].Trim() : connection.Host;

    private LaunchProblem ExplainHostKey(LaunchEnd end)
    {
        if (end.Lines.Any(line => line.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED", StringComparison.Ordinal)))
        {
            return ChangedKey(end);
        }

        // For its own host, where it does not ask, ssh says which key it wanted.
        string? wanted = end.Lines.LastOrDefault(line => Words.Has(line, "No * host key is known for * and you have requested strict checking."));
        if (wanted is null && route?.Jumps is { } jumps)
        {
            return UnknownJump(jumps);
        }

        string name = wanted?.Split(" is known for ")[1].Split(' ')[0] ?? Place;
        return new(
            BootstrapReason.HostKeyUnknown,
            $"The host key of {name} is not known. Compare its fingerprint with that of the host itself (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and " +
            "add it to known_hosts, or set SshConnection.HostKeyPolicy to AcceptNew, which takes the first key that comes.");
    }

    private LaunchProblem ChangedKey(LaunchEnd end)
    {
        string host = end.Lines.FirstOrDefault(line => Words.Has(line, "Host key for * has changed and you have requested strict checking.")) is { } line
            ? line.Split(' ')[3] : connection.Host;
        string where = route is { IsProxied: true, HostName: not null } && !host.Equals(route.KeyName, StringComparison.OrdinalIgnoreCase) ? ", which is on the way," : "";
        return new(
            BootstrapReason.HostKeyChanged,
            $"The host key of {host}{where} is not the one that is known: somebody may be in between, or the host was installed anew. " +
            $"If it was, remove the old key (ssh-keygen{KnownHostsFile(end)} -R \"{host}\").");
    }

    // The file that has the old key; without a name, ssh-keygen takes the user's own.
    private static string KnownHostsFile(LaunchEnd end) =>
        end.Lines.LastOrDefault(line => Words.Has(line, "Offending * key in *:*")) is { } line && line.Split(" key in ", 2)[1] is var place
            ? $" -f \"{place[..place.LastIndexOf(':')]}\"" : "";
}
