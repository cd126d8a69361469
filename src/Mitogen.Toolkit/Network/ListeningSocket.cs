using System.Net;
using System.Net.Sockets;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Network;

/// <summary>A listener of this process. The file of a Unix socket goes with it.</summary>
internal sealed class ListeningSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly string? _file;

    private ListeningSocket(Socket socket, string? file, NetworkAddress address) => (_socket, _file, Address) = (socket, file, address);

    public NetworkAddress Address { get; }

    /// <summary>For methods that block themselves: a name is looked up.</summary>
    public static ListeningSocket Open(NetworkAddress address, ListenOptions options, string context) =>
        OpenAsync(address, options, context, static name => Task.FromResult(Dns.GetHostAddresses(name))).GetAwaiter().GetResult();

    public static async Task<ListeningSocket> OpenAsync(
        NetworkAddress address, ListenOptions options, string context, Func<string, Task<IPAddress[]>> lookUp)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Backlog, 1);
        Socket socket = SocketDialer.Create(address, context, out EndPoint endPoint);
        try
        {
            if (endPoint is DnsEndPoint name)
            {
                IPAddress[] found = await lookUp(name.Host).ConfigureAwait(false);
                socket.Dispose();
                socket = new Socket(found[0].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                endPoint = new IPEndPoint(found[0], name.Port);
            }

            string? file = address is NetworkAddress.Unix { Path: ['/', ..] path } ? path : null;
            if (file is not null && options.ReplaceDead)
            {
                DeleteDead(file);
            }

            socket.Bind(endPoint);
            if (file is not null)
            {
#pragma warning disable CA1416 // contexts run on Linux
                File.SetUnixFileMode(file, options.Mode); // nobody can connect before it listens
#pragma warning restore CA1416
            }

            socket.Listen(options.Backlog);
            return new ListeningSocket(socket, file, address is NetworkAddress.Unix ? address : NetworkAddress.Of(socket.LocalEndPoint));
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException failed ? SocketDialer.Named(failed, $"{context} cannot listen at {address}") : e;
        }
    }

    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        Socket socket = await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        return socket;
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_file is not null)
        {
            try
            {
                File.Delete(_file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else took the folder away; the next listener replaces what is left.
            }
        }
    }

    /// <summary>Deletes the file of a socket at which nobody listens: one that was killed leaves it. Anything else stays, and the address is taken.</summary>
    private static void DeleteDead(string file)
    {
        try
        {
            using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(new UnixDomainSocketEndPoint(file));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && ProcessLibc.IsSocket(file))
        {
            File.Delete(file); // a connection to an ordinary file is refused as well
        }
        catch (SocketException)
        {
            // There is none, or it may not be asked: then the bind says so.
        }
    }
}
