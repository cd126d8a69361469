using Mitogen.Connections;

namespace Mitogen;

/// <summary>
/// Starts a context on another machine with OpenSSH's <c>ssh</c>, so that its configuration, agents, jump hosts, certificates and
/// hardware keys are used. Options that are not set are left to that configuration.
/// </summary>
/// <param name="Host">A name or address, or an alias of ssh's configuration.</param>
public sealed record SshConnection(string Host) : PlainConnection, IWrittenAsText<SshConnection>
{
    private readonly ArgumentList _options = ArgumentList.None;

    /// <summary>The user to log in as. Default: ssh's own choice.</summary>
    public string? User { get; init; }

    /// <summary>The server's port. Default: ssh's own choice.</summary>
    public int? Port { get; init; }

    /// <summary>The file of the private key to log in with. Default: ssh's own choice.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>The user's password on this host, typed when this host asks for it, and for no other host on the way. Default: none, and then
    /// asking for one fails the connection.</summary>
    public Secret? Password { get; init; }

    /// <summary>The passphrase of the private key, typed when ssh asks for it: for <see cref="IdentityFile"/> if that is set, else for each
    /// encrypted key once. Default: none.</summary>
    public Secret? Passphrase { get; init; }

    /// <summary>Which host keys are accepted. Default: <see cref="HostKeyPolicy.Enforce"/>.</summary>
    public HostKeyPolicy HostKeyPolicy { get; init; }

    /// <summary>The file of known host keys. Default: ssh's own choice.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>The configuration file to use in the place of the user's and the machine's (<c>-F</c>). Default: those.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Whether ssh compresses what it sends. Default: no; what a new context is started from is compressed anyway.</summary>
    public bool Compression { get; init; }

    /// <summary>How long the connection may be quiet before ssh asks whether the server is still there, in whole seconds. Default:
    /// ssh's own choice.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Further arguments of ssh, before the host. Default: none.</summary>
    public IReadOnlyList<string> Options { get => _options; init => _options = ArgumentList.Copy(value); }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>ssh</c>.</summary>
    public string SshPath { get; init; } = "ssh";

    static SshConnection IWrittenAsText<SshConnection>.Blank => new("");

    static SshConnection IWrittenAsText<SshConnection>.Map(IHopText hop, SshConnection it, SshConnection blank)
    {
        string? user = hop.User(it.User); // first: a password in it is the more important error
        (string host, int? port) = hop.Host(it.Host, it.Port);
        return it with
        {
            User = user,
            Host = host,
            Port = port,
            IdentityFile = hop.Text("identity", it.IdentityFile),
            HostKeyPolicy = hop.Choice(
                "hostkey",
                it.HostKeyPolicy,
                [("enforce", HostKeyPolicy.Enforce), ("accept-new", HostKeyPolicy.AcceptNew), ("ignore", HostKeyPolicy.Ignore)]),
            KnownHostsFile = hop.Text("knownhosts", it.KnownHostsFile),
            ConfigFile = hop.Text("config", it.ConfigFile),
            Compression = hop.Flag("compression", it.Compression),
            KeepAlive = hop.Seconds("keepalive", it.KeepAlive),
            Options = hop.Texts("option", it.Options),
            Password = hop.Without(it.Password, blank.Password),
            Passphrase = hop.Without(it.Passphrase, blank.Passphrase),
            SshPath = hop.Without(it.SshPath, blank.SshPath),
        };
    }
}
