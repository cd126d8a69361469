using System.Net.Sockets;
using System.Text;
using Mitogen.Connections;
using Mitogen.Ssh.KnownHosts;
using Mitogen.Ssh.Login;
using Mitogen.Ssh.Tunnels;
using Renci.SshNet;

namespace Mitogen.Ssh.Channels;

/// <summary>One connection to a server, for one command. Used by one thread at a time; <see cref="Start"/> blocks.</summary>
internal sealed class Client : IDisposable
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly SshNetConnection _connection;
    private readonly LoginMethods _login;
    private readonly Stream _errors;
    private readonly Tunnel? _tunnel;
    private readonly ConnectionInfo _info;
    private readonly SshClient _client;
    private SshCommand? _command;
    private bool _isRefused; // set on the client's thread before it lets this one go on

    /// <summary>Takes over how to log in, and the way there, if it is not the network's, once it has returned.</summary>
    /// <param name="connection">The connection that it makes.</param>
    /// <param name="login">How it logs in.</param>
    /// <param name="guard">Decides about the server's key.</param>
    /// <param name="tunnel">The way there; null for the network's.</param>
    /// <param name="errors">Takes what the command writes to standard error.</param>
    /// <param name="givenUp">Lets <see cref="Start"/> fail after what it waits for at the moment, and in a tunnel at once.</param>
    /// <exception cref="IOException">A file of known hosts cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public Client(SshNetConnection connection, LoginMethods login, HostKeyGuard guard, Tunnel? tunnel, Stream errors, CancellationToken givenUp)
    {
        _connection = connection;
        _login = login;
        _errors = errors;
        _tunnel = tunnel;
        _info = tunnel is null
            ? new ConnectionInfo(connection.Host, connection.Port, login.User, login.All)
            : new ConnectionInfo(
                connection.Host, connection.Port, login.User,
                ProxyTypes.Http, $"{tunnel.EndPoint.Address}", tunnel.EndPoint.Port, tunnel.Login.User, tunnel.Login.Password, login.All);
        _info.Timeout = connection.ConnectTimeout < s_longest ? connection.ConnectTimeout : Timeout.InfiniteTimeSpan;
        _ = givenUp.UnsafeRegister(_ => _info.Timeout = s_shortest, null);
        guard.Prepare(_info);
        _info.AuthenticationBanner += (_, banner) =>
        {
            login.Banner += banner.BannerMessage;
            errors.Write(Encoding.UTF8.GetBytes(banner.BannerMessage));
        };
        _client = new SshClient(_info) { KeepAliveInterval = connection.KeepAlive ?? Timeout.InfiniteTimeSpan };
        _client.HostKeyReceived += guard.OnHostKey;
    }

    /// <summary>Whether the server has said who it is.</summary>
    public bool IsIdentified => _info.ServerVersion is not null;

    /// <param name="text">The command, for the user's login shell.</param>
    /// <param name="outputSize">How much of its output is held in memory at most.</param>
    /// <returns>The command's channel, which disposes this client when it ends.</returns>
    /// <exception cref="StartRefusedException">The server runs no commands.</exception>
    public ExecChannel Start(string text, int outputSize)
    {
        _client.Connect();
        Session session = ClientInside.SessionOf(_client);
        Socket socket = ClientInside.SocketOf(session);
        BoundedPipe output = new(outputSize);
        session.ChannelEofReceived += (_, _) => output.End();
        session.ChannelFailureReceived += (_, _) => _isRefused = true;

        _command = _client.CreateCommand(text);
        ClientInside.Redirect(_command, output, _errors);
        Task run = _command.ExecuteAsync();
        if (_isRefused)
        {
            throw new StartRefusedException(new(
                BootstrapReason.NotAllowed, $"{_login.User}@{_connection.Host} may not run commands there."));
        }

        // From here on it may wait as long as the other side does not read.
        _info.Timeout = Timeout.InfiniteTimeSpan;
        return new ExecChannel(this, socket, _command, run, OpenInput(_command), output);
    }

    public void Dispose()
    {
        _command?.Dispose();
        _client.Dispose();
        _tunnel?.Dispose();
        _login.Dispose();
    }

    private static Stream? OpenInput(SshCommand command)
    {
        try
        {
            return command.CreateInputStream();
        }
        catch (InvalidOperationException)
        {
            return null; // it has ended already
        }
    }
}
