using Mitogen.Connections;
using Mitogen.Ssh;
using Mitogen.Starting.Tools;

namespace Mitogen;

/// <summary>
/// Starts a context on another machine with an SSH client in this process, SSH.NET: no <c>ssh</c> program is needed, and nothing is
/// read of its configuration. Where that configuration, an agent, certificates or hardware keys are wanted, use
/// <see cref="SshConnection"/>.
/// </summary>
/// <remarks>
/// Contexts are started by it only from the context that made it, because the client is loaded there; another context throws
/// <see cref="ArgumentException"/>. While a connection is being made it has a thread; then the client has one. If the start is given
/// up, that thread ends with what it waits for at the moment, which takes another <see cref="Connection.ConnectTimeout"/> at most, and
/// at once with <see cref="Via"/>.
/// </remarks>
/// <param name="Host">A name or address.</param>
public sealed record SshNetConnection(string Host) : CarriedConnection
{
    /// <summary>The user to log in as. Default: the user that this process runs as.</summary>
    public string? User { get; init; }

    /// <summary>The server's port. Default: 22.</summary>
    public int Port { get; init; } = 22;

    /// <summary>The user's password, given once, as such or at the server's prompt. Default: none, and then a server that wants one
    /// fails the connection.</summary>
    public Secret? Password { get; init; }

    /// <summary>The file of the private key to log in with. Default: if neither a password nor a key is set, those of <c>id_ed25519</c>,
    /// <c>id_ecdsa</c> and <c>id_rsa</c> in <c>~/.ssh</c> that are there and readable.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>The private key to log in with, as the text of its file. Default: none. With <see cref="IdentityFile"/>, this one is
    /// offered first.</summary>
    public Secret? PrivateKey { get; init; }

    /// <summary>The passphrase of the private keys. Default: none.</summary>
    public Secret? Passphrase { get; init; }

    /// <summary>Which host keys are accepted. Default: <see cref="HostKeyPolicy.Enforce"/>.</summary>
    public HostKeyPolicy HostKeyPolicy { get; init; }

    /// <summary>The file of known host keys, the only one that is read then. Default: <c>~/.ssh/known_hosts</c>, where
    /// <see cref="HostKeyPolicy.AcceptNew"/> adds keys too, and <c>/etc/ssh/ssh_known_hosts</c>.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>How often something is sent, so that what is between the machines does not forget the connection. Default:
    /// <see langword="null"/>, never.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>The context to go through: it connects to the server by TCP, and what it passes on is encrypted. It resolves the
    /// host's name; keys, passwords and known hosts are those of this context. Default: <see langword="null"/>, this context's network.</summary>
    public IRemoteContext? Via { get; init; }

    /// <inheritdoc/>
    protected override Task<Carrier> OpenAsync(string command, Stream errors, CancellationToken cancellationToken) =>
        Host.Length > 0 ? new ClientStart(this, command, errors).RunAsync(cancellationToken)
        : throw new ArgumentException("A connection by ssh names a host.");

    /// <inheritdoc/>
    protected override LaunchProblem? Explain(LaunchEnd end) => new SshSession($"{User ?? Environment.UserName}@{Host}", Host).Explain(end, isCertain: true);
}
