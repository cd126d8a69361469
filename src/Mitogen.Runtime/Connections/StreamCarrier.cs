using System.Net.Sockets;

namespace Mitogen.Connections;

/// <summary>A way over a stream that is both read and written.</summary>
internal sealed class StreamCarrier(Stream stream) : Carrier
{
    public override int Read(Span<byte> buffer) => stream.Read(buffer);

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        stream.Flush();
    }

    public override void CloseWriting()
    {
        if (stream is NetworkStream network)
        {
            try
            {
                network.Socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The other side closed it first.
            }
        }
    }

    public override void Abort() => stream.Dispose();

    public override ValueTask DisposeAsync() => stream.DisposeAsync();
}
