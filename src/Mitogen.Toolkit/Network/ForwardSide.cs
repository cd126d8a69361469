using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Mitogen.Toolkit.Network;

/// <summary>One side of a forwarded connection: a socket of this process, or one of another context.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Closed by CloseAsync.")]
internal sealed class ForwardSide
{
    private const int CopiedAtOnce = 64 * 1024;

    private readonly Stream _stream;

    public ForwardSide(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    public ForwardSide(SocketHalves halves) => _stream = new RemoteSocketStream(halves);

    public Stream Stream => _stream;

    /// <summary>Copies to the end, and passes the end on.</summary>
    public async Task CopyToAsync(ForwardSide to, Action<long> count, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopiedAtOnce);
        try
        {
            while (await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                await to._stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                count(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await to.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends the end behind all that was written.</summary>
    public Task EndAsync(CancellationToken cancellationToken)
    {
        if (_stream is RemoteSocketStream remote)
        {
            // Only a reset can make it shorter, and whoever gave up does that.
            return remote.CloseWritingAsync().WaitAsync(cancellationToken);
        }

        ((NetworkStream)_stream).Socket.Shutdown(SocketShutdown.Send);
        return Task.CompletedTask;
    }

    /// <summary>The other end is not to take what it got for all there is. It never fails.</summary>
    public Task ResetAsync()
    {
        if (_stream is RemoteSocketStream remote)
        {
            return remote.ResetAsync();
        }

        ((NetworkStream)_stream).Socket.Reset(); // the stream would send the end first
        return Task.CompletedTask;
    }

    public Task CloseAsync() => _stream.DisposeAsync().AsTask();
}
