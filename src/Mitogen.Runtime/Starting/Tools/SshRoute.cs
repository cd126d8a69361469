namespace Mitogen.Starting.Tools;

/// <summary>Where ssh goes, as far as its questions name it.</summary>
/// <param name="User">The user that it logs in as.</param>
/// <param name="Host">The host's name in questions: its alias for host keys, or the name that it is resolved by.</param>
/// <param name="Jumps">ProxyJump, if there is one.</param>
/// <param name="IsProxied">Whether another program carries the connection, which may ask as well, at the same terminal.</param>
/// <param name="NamesAsker">Whether questions of a server stand behind the user and host that ssh asks for.</param>
internal sealed record SshRoute(string User, string Host, string? Jumps, bool IsProxied, bool NamesAsker)
{
    // ssh shows so much of each in one form of its questions.
    private const int ShownUser = 30;
    private const int ShownHost = 128;

    /// <summary>The name that it is resolved by; null if that is not known.</summary>
    public string? HostName { get; init; }

    public string? Port { get; init; }

    /// <summary>How files of known hosts call the target.</summary>
    public string KeyName => Host != HostName || Port is null or "22" ? Host : $"[{Host}]:{Port}";

    /// <summary>Whether the command that carries it gives it a socket, so that it knows the other end's address.</summary>
    public bool HasSocket { get; init; }

    /// <summary>The command that carries the connection, if there is one and no ProxyJump.</summary>
    public string? ProxyCommand { get; init; }

    /// <summary>The files of the keys that it tries.</summary>
    public IReadOnlyList<string> IdentityFiles { get; init; } = [];

    /// <summary>The settings that may keep it from asking for a password, as its configuration has them.</summary>
    public IReadOnlyList<string> AgainstPassword { get; init; } = [];

    /// <summary>Whether a host on the way may ask by the same name as the target, so that nobody can tell which of them it is.</summary>
    public bool IsShared { get; init; }

    /// <summary>How questions call the one who is asked for.</summary>
    public string Name => $"{User}@{Host}";

    /// <summary>The same, as far as it is shown where it is long.</summary>
    public string ShortName => $"{Cut(User, ShownUser)}@{Cut(Host, ShownHost)}";

    /// <summary>The route that is assumed where ssh does not tell: its questions must have the names that the connection has.</summary>
    public static SshRoute Assumed(SshConnection connection) =>
        new(connection.User ?? Environment.UserName, connection.Host, null, IsProxied: true, NamesAsker: true);

    /// <param name="configuration">The output of <c>ssh -G</c>: a word and its value on each line.</param>
    /// <param name="connection">The connection.</param>
    public static SshRoute Parse(string configuration, SshConnection connection) => TryParse(configuration) ?? Assumed(connection);

    /// <summary>The route, if the text tells one.</summary>
    public static SshRoute? TryParse(string configuration)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        List<string> keys = [];
        foreach (string line in configuration.Split('\n'))
        {
            if (line.TrimEnd('\r').Split(' ', 2) is [var word, var value])
            {
                _ = values.TryAdd(word, value);
                if (word == "identityfile")
                {
                    keys.Add(value);
                }
            }
        }

        string? jumps = Used(values, "proxyjump");
        string? command = Used(values, "proxycommand");
        return values.TryGetValue("user", out string? user) && values.TryGetValue("hostname", out string? host)
            ? new SshRoute(
                user,
                values.GetValueOrDefault("hostkeyalias", host),
                jumps,
                jumps is not null || command is not null,

                // The name of this option and those in front of questions came with the same version, 8.5.
                values.ContainsKey("pubkeyacceptedalgorithms"))
            {
                HostName = host,
                Port = values.GetValueOrDefault("port"),
                HasSocket = values.GetValueOrDefault("proxyusefdpass") == "yes",
                ProxyCommand = command,
                IdentityFiles = keys,
                AgainstPassword = [.. SettingsAgainstPassword(values)],
            }
            : null;
    }

    private static IEnumerable<string> SettingsAgainstPassword(Dictionary<string, string> values)
    {
        if (values.GetValueOrDefault("passwordauthentication") == "no")
        {
            yield return "PasswordAuthentication no";
        }

        if (values.GetValueOrDefault("kbdinteractiveauthentication") == "no")
        {
            yield return "KbdInteractiveAuthentication no";
        }

        if (values.TryGetValue("preferredauthentications", out string? preferred))
        {
            yield return $"PreferredAuthentications {preferred}";
        }
    }

    /// <summary>Whether questions of the one cannot be told from those of the other.</summary>
    public bool AsksLike(SshRoute other) => string.Equals(ShortName, other.ShortName, StringComparison.OrdinalIgnoreCase);

    /// <summary>A text as ssh shows it where it is long.</summary>
    public static string Cut(string text, int length) => text.Length > length ? text[..length] : text;

    private static string? Used(Dictionary<string, string> values, string word) =>
        values.TryGetValue(word, out string? value) && value != "none" ? value : null;
}
