namespace Mitogen.Starting.Tools;

/// <summary>Where ssh goes, as far as its questions name it.</summary>
/// <param name="User">The user that it logs in as.</param>
/// <param name="Host">The host's name in questions: its alias for host keys, or the name that it is resolved by.</param>
/// <param name="Jumps">ProxyJump, if there is one.</param>
/// <param name="IsProxied">Whether another program carries the connection, which may ask as well, at the same terminal.</param>
/// <param name="NamesAsker">Whether questions of a server stand behind the user and host that ssh asks for.</param>
internal sealed record SshRoute(string User, string Host, string? Jumps, bool IsProxied, bool NamesAsker)
{
    /// <summary>The name that it is resolved by; null if that is not known.</summary>
    public string? HostName { get; init; }

    /// <summary>How questions call the one who is asked for.</summary>
    public string Name => $"{User}@{Host}";

    /// <summary>The route that is assumed where ssh does not tell: its questions must have the names that the connection has.</summary>
    public static SshRoute Assumed(SshConnection connection) =>
        new(connection.User ?? Environment.UserName, connection.Host, null, IsProxied: true, NamesAsker: true);

    /// <param name="configuration">The output of <c>ssh -G</c>: a word and its value on each line.</param>
    /// <param name="connection">The connection.</param>
    public static SshRoute Parse(string configuration, SshConnection connection)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in configuration.Split('\n'))
        {
            if (line.Split(' ', 2) is [var word, var value])
            {
                _ = values.TryAdd(word, value.TrimEnd('\r'));
            }
        }

        string? jumps = Used(values, "proxyjump");
        return values.TryGetValue("user", out string? user) && values.TryGetValue("hostname", out string? host)
            ? new SshRoute(
                user,
                values.GetValueOrDefault("hostkeyalias", host),
                jumps,
                jumps is not null || Used(values, "proxycommand") is not null,

                // The name of this option and those in front of questions came with the same version, 8.5.
                values.ContainsKey("pubkeyacceptedalgorithms")) { HostName = host }
            : Assumed(connection);
    }

    private static string? Used(Dictionary<string, string> values, string word) =>
        values.TryGetValue(word, out string? value) && value != "none" ? value : null;
}
