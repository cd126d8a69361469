using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>Why a host did not let ssh in, by what ssh said and asked before that.</summary>
/// <param name="connection">The connection.</param>
/// <param name="route">Where ssh went, if that is known.</param>
/// <param name="end">How it ended, with its own lines alone.</param>
/// <param name="target">The account, for people.</param>
internal sealed class SshDenial(SshConnection connection, SshRoute? route, LaunchEnd end, string target)
{
    /// <param name="denied">The line of the denial. In brackets stand the ways that are left.</param>
    public LaunchProblem Explain(string denied)
    {
        string who = denied[..denied.IndexOf(": Permission denied", StringComparison.Ordinal)];
        if (route is { IsProxied: true } && who != route.Name)
        {
            return new(
                BootstrapReason.AuthenticationFailed,
                $"{who}, which is on the way, does not accept the keys at hand. Give ssh a key for it, or connect to it first and go on from its context.");
        }

        string ways = denied[(denied.LastIndexOf('(') + 1)..].TrimEnd(')', '.', ' ');
        bool takesPassword = ways.Split(',').Any(way => way is "password" or "keyboard-interactive");
        return end.Given.Any(IsPassword) ? new(BootstrapReason.PasswordWrong, $"{target} did not accept the password: SshConnection.Password is not right.")
            : WrongPassphrase()
            ?? (takesPassword && connection.Password is not null ? NotAsked()
            : HasAcceptedOne ? MoreIsWanted(ways, takesPassword)
            : NoKey(takesPassword));
    }

    // Versions before 8.6 do not say what it was.
    private bool HasAcceptedOne => end.Lines.Any(line =>
        Words.Has(line, "Authenticated using \"*\" with partial success.") || Words.Has(line, "Authenticated with partial success."));

    private static bool IsPassword(Answered given) => given.What is not null && SshQuestions.KeyFile(given.Text) is null;

    // ssh asks for the passphrase of a key that the host would take. Behind another host, that one may have been asked for as well.
    private LaunchProblem? WrongPassphrase() =>
        !HasAcceptedOne && route is not { IsProxied: true }
        && end.Given.LastOrDefault(given => given.What is not null && SshQuestions.KeyFile(given.Text) is not null) is { } key
            ? new(
                BootstrapReason.PasswordWrong,
                $"ssh could not use the key {SshQuestions.KeyFile(key.Text)}: SshConnection.Passphrase is not right for it.")
            : null;

    private LaunchProblem NotAsked() => new(
        BootstrapReason.AuthenticationFailed,
        $"{target} takes a password, but ssh did not ask for it: " + (route is { AgainstPassword: { Count: > 0 } settings }
            ? $"its configuration says {string.Join(" and ", settings)}." : "see the lines that it printed."));

    private LaunchProblem MoreIsWanted(string ways, bool takesPassword) => takesPassword
        ? new(BootstrapReason.PasswordRequired, $"{target} accepts the key, and wants the password as well: set SshConnection.Password.")
        : new(BootstrapReason.AuthenticationFailed, $"{target} accepts the key, and wants more than that ({ways}), which ssh has nothing for.");

    private LaunchProblem NoKey(bool takesPassword)
    {
        string? locked = LockedKey();
        string? useless = locked is not null ? $"the key {locked}: it is encrypted (set SshConnection.Passphrase)" : UselessKey();
        string also = useless is null ? "" : $" ssh could not use {useless}.";
        bool mayTakePassword = takesPassword && connection.IdentityFile is null;
        string remedy = mayTakePassword ? "Name one in SshConnection.IdentityFile, or set SshConnection.Password."
            : useless is null ? "Name the right one in SshConnection.IdentityFile." : "";
        return new(
            mayTakePassword || locked is not null ? BootstrapReason.PasswordRequired : BootstrapReason.AuthenticationFailed,
            $"{target} accepts none of the keys at hand.{also} {remedy}".TrimEnd());
    }

    /// <summary>A key that nobody had the passphrase of: one that was asked for, or else one that could not be, because there was no terminal.</summary>
    private string? LockedKey() =>
        connection.Passphrase is not null ? null
        : end.Given.Where(given => given.What is null).Select(given => SshQuestions.KeyFile(given.Text)).LastOrDefault(file => file is not null)
        ?? (connection.IdentityFile is { } own ? [own] : route?.IdentityFiles ?? []).FirstOrDefault(SshKeyFile.IsEncrypted);

    private string? UselessKey()
    {
        foreach (string line in end.Lines.Select(line => line.TrimEnd()))
        {
            if (Words.Has(line, "Load key \"*\": *"))
            {
                string file = line.Split('"')[1];
                string why = line[(line.LastIndexOf("\": ", StringComparison.Ordinal) + 3)..];
                return $"the key {file}: {(why == "bad permissions" ? "others may read it (chmod 600)" : why)}";
            }

            if (Words.Has(line, "Warning: Identity file * not accessible: *."))
            {
                return $"the key {Between(line, "Identity file ", " not accessible: ")}: it is not there, or may not be read";
            }

            if (Words.Has(line, "no such identity: *: *"))
            {
                return $"the key {line["no such identity: ".Length..line.LastIndexOf(": ", StringComparison.Ordinal)]}: it is not there";
            }
        }

        return null;
    }

    private static string Between(string line, string before, string after) => line.Split(before, 2)[1].Split(after)[0];
}
