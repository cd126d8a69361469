namespace Mitogen.Ssh.Tunnels;

/// <summary>The work of a context for the <see cref="SshNetConnection"/> that goes through it.</summary>
[Remote]
internal interface ITunnelEnd
{
    /// <summary>Connects to a port by TCP, and gives what is read and written there. A <see cref="System.Net.Sockets.SocketException"/>
    /// has its code in <see cref="Exception.Data"/>, under <see cref="TunnelEnd.CodeKey"/>.</summary>
    Task<Stream> OpenAsync(string host, int port, CancellationToken cancellationToken);
}
