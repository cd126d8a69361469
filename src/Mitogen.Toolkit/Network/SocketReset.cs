using System.Net.Sockets;

namespace Mitogen.Toolkit.Network;

/// <summary>The end of a connection by which the other side does not take what it got for all there is.</summary>
internal static class SocketReset
{
    /// <summary>Closes a connection by a reset (RST). It never fails.</summary>
    public static void Reset(this Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed or reset already.
        }
    }
}
