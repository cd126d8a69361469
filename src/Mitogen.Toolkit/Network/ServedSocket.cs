using System.Net.Sockets;

namespace Mitogen.Toolkit.Network;

/// <summary>A socket here whose halves go to another context. It is closed when both halves are.</summary>
internal sealed class ServedSocket : ISocketControl
{
    private readonly Socket _socket;
    private int _halves = 2;

    private ServedSocket(Socket socket) => _socket = socket;

    public static SocketHalves Serve(Socket socket)
    {
        try
        {
            ServedSocket served = new(socket);
            return new SocketHalves(
                new Reading(served), new Writing(served), NetworkAddress.Of(socket.LocalEndPoint), NetworkAddress.Of(socket.RemoteEndPoint), served);
        }
        catch
        {
            socket.Dispose(); // the other side reset it before we could ask who that is
            throw;
        }
    }

    public Task ResetAsync(CancellationToken cancellationToken = default)
    {
        _socket.Reset();
        return Task.CompletedTask;
    }

    /// <summary>Nobody resets it any more: the halves close it.</summary>
    public ValueTask DisposeAsync() => default;

    private void Release()
    {
        if (Interlocked.Decrement(ref _halves) == 0)
        {
            _socket.Dispose();
        }
    }

    private abstract class Half(ServedSocket served) : UnseekableStream
    {
        private int _disposed;

        protected Socket Socket => served._socket;

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                try
                {
                    End();
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // One of the sides reset it: there is nobody left to be told of the end.
                }
                finally
                {
                    served.Release();
                }
            }

            base.Dispose(disposing);
        }

        protected abstract void End();
    }

    private sealed class Reading(ServedSocket served) : Half(served)
    {
        public override bool CanRead => true;

        public override bool CanWrite => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

        protected override void End() => Socket.Shutdown(SocketShutdown.Receive);
    }

    private sealed class Writing(ServedSocket served) : Half(served)
    {
        // Set between a write and the flush that follows the last one: a link that is lost in between leaves half of what was to be sent.
        private volatile bool _isHalf;

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _isHalf = true;
            while (!buffer.IsEmpty)
            {
                buffer = buffer[await Socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
            }
        }

        /// <summary>All is there that the other context wrote.</summary>
        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            _isHalf = false;
            return Task.CompletedTask;
        }

        protected override void End()
        {
            if (_isHalf)
            {
                Socket.Reset();
            }
            else
            {
                Socket.Shutdown(SocketShutdown.Send);
            }
        }
    }
}
