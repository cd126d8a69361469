using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Mitogen.Toolkit.Network;

/// <summary>One side of a forwarded connection: a socket of this process, or one of another context.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Closed by CloseAsync.")]
internal sealed class ForwardSide
{
    private const int CopiedAtOnce = 64 * 1024;

    private readonly Socket? _socket;
    private readonly Stream _input;
    private readonly Stream _output;

    public ForwardSide(Socket socket)
    {
        _socket = socket;
        _input = _output = new NetworkStream(socket, ownsSocket: false);
    }

    public ForwardSide(SocketHalves halves) => (_input, _output) = (halves.Input, halves.Output);

    public Stream Input => _input;

    public Stream Output => _output;

    /// <summary>Copies to the end, and passes the end on.</summary>
    public async Task CopyToAsync(ForwardSide to, Action<long> count, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopiedAtOnce);
        try
        {
            while (await _input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                await to._output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                count(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await to.EndAsync().ConfigureAwait(false);
    }

    /// <summary>Makes the close a reset: the other end is not to take what it got for all there is.</summary>
    public void Reset()
    {
        try
        {
            _socket?.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed or reset already.
        }
    }

    public async Task CloseAsync()
    {
        if (_socket is not null)
        {
            _socket.Dispose();
            return;
        }

        foreach (Stream stream in (Stream[])[_output, _input])
        {
            try
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ContextLostException or ObjectDisposedException or SocketException or OperationCanceledException)
            {
                // The connection was reset, or the context is gone: whoever copied knows.
            }
        }
    }

    private async Task EndAsync()
    {
        if (_socket is not null)
        {
            _socket.Shutdown(SocketShutdown.Send);
            return;
        }

        await _output.FlushAsync().ConfigureAwait(false);
        await _output.DisposeAsync().ConfigureAwait(false);
    }
}
