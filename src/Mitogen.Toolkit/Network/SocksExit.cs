using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mitogen.Toolkit.Network;

/// <summary>The address that a client of SOCKS5 (RFC 1928) asks for: connections only, and no passwords.</summary>
internal sealed class SocksExit(INetwork network) : IForwardExit
{
    private const byte Version = 5;
    private const byte NoPassword = 0;
    private const byte NoMethod = 0xff;
    private const byte Connect = 1;
    private const byte Succeeded = 0;
    private const byte Failure = 1;
    private const byte NetworkUnreachable = 3;
    private const byte HostUnreachable = 4;
    private const byte Refused = 5;
    private const byte TimedOut = 6;
    private const byte CommandNotSupported = 7;
    private const byte AddressNotSupported = 8;
    private const byte Ipv4 = 1;
    private const byte Name = 3;
    private const byte Ipv6 = 4;

    // How long a client that was refused may take to close.
    private static readonly TimeSpan s_closeTime = TimeSpan.FromSeconds(5);

    public async Task<ForwardSide> OpenAsync(ForwardSide near, TimeSpan timeout, CancellationToken cancellationToken)
    {
        NetworkAddress address = await AskAsync(near, timeout, cancellationToken).ConfigureAwait(false);
        SocketHalves far;
        try
        {
            far = await network.OpenAsync(address, new DialOptions { Timeout = timeout }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await RefuseAsync(near, Answer(CodeOf(e)), cancellationToken).ConfigureAwait(false);
            throw;
        }

        ForwardSide side = new(far);
        try
        {
            await near.Stream.WriteAsync(Answer(Succeeded), cancellationToken).ConfigureAwait(false);
            return side;
        }
        catch
        {
            await side.ResetAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<NetworkAddress> AskAsync(ForwardSide near, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(timeout);
        try
        {
            await GreetAsync(near, late.Token).ConfigureAwait(false);
            return await ReadRequestAsync(near, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"A client of the SOCKS proxy did not say within {timeout} where it wants to go.", e);
        }
    }

    /// <summary>Version, number of methods, methods; the answer is the version and the chosen method.</summary>
    private static async Task GreetAsync(ForwardSide near, CancellationToken cancellationToken)
    {
        byte[] head = await ReadAsync(near, 2, cancellationToken).ConfigureAwait(false);
        if (head[0] != Version)
        {
            throw new InvalidDataException("A client of the SOCKS proxy speaks another protocol than SOCKS5.");
        }

        byte[] methods = await ReadAsync(near, head[1], cancellationToken).ConfigureAwait(false);
        if (!methods.Contains(NoPassword))
        {
            await RefuseAsync(near, [Version, NoMethod], cancellationToken).ConfigureAwait(false);
            throw new InvalidDataException("A client of the SOCKS proxy insists on a password, and the proxy has none.");
        }

        await near.Stream.WriteAsync(new byte[] { Version, NoPassword }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Version, command, 0, kind of address, address, port.</summary>
    private static async Task<NetworkAddress> ReadRequestAsync(ForwardSide near, CancellationToken cancellationToken)
    {
        byte[] head = await ReadAsync(near, 4, cancellationToken).ConfigureAwait(false);
        if (head[0] != Version || head[1] != Connect)
        {
            await RefuseAsync(near, Answer(CommandNotSupported), cancellationToken).ConfigureAwait(false);
            throw new InvalidDataException("A client of the SOCKS proxy asks for something else than a connection.");
        }

        string host;
        switch (head[3])
        {
            case Ipv4:
                host = $"{new IPAddress(await ReadAsync(near, 4, cancellationToken).ConfigureAwait(false))}";
                break;
            case Ipv6:
                host = $"{new IPAddress(await ReadAsync(near, 16, cancellationToken).ConfigureAwait(false))}";
                break;
            case Name:
                byte length = (await ReadAsync(near, 1, cancellationToken).ConfigureAwait(false))[0];
                host = Encoding.UTF8.GetString(await ReadAsync(near, length, cancellationToken).ConfigureAwait(false));
                break;
            default:
                await RefuseAsync(near, Answer(AddressNotSupported), cancellationToken).ConfigureAwait(false);
                throw new InvalidDataException("A client of the SOCKS proxy has an address of a kind that there is not.");
        }

        byte[] port = await ReadAsync(near, 2, cancellationToken).ConfigureAwait(false);
        return new NetworkAddress.Tcp(host, BinaryPrimitives.ReadUInt16BigEndian(port));
    }

    private static async Task<byte[]> ReadAsync(ForwardSide near, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        await near.Stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Version, code, 0, and an address of IPv4, which clients do not look at.</summary>
    private static byte[] Answer(byte code) => [Version, code, 0, Ipv4, 0, 0, 0, 0, 0, 0];

    /// <summary>Tells the client, and waits until it closes: to close before that may be a reset, which overtakes the answer.</summary>
    private static async Task RefuseAsync(ForwardSide near, byte[] answer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(s_closeTime);
        try
        {
            await near.Stream.WriteAsync(answer, late.Token).ConfigureAwait(false);
            await near.EndAsync(late.Token).ConfigureAwait(false);
            await near.Stream.CopyToAsync(Stream.Null, late.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // It is gone, or does not close: the connection fails with what it was refused for.
        }
    }

    private static byte CodeOf(Exception error) => error switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Refused,
        SocketException { SocketErrorCode: SocketError.NetworkUnreachable } => NetworkUnreachable,
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            HostUnreachable,
        TimeoutException => TimedOut,
        _ => Failure,
    };
}
