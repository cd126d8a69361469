using System.Text;
using Mitogen.Calls;
using Mitogen.Connections;

namespace Mitogen;

/// <summary>
/// Starts a context behind a stream that the caller opened: a socket, a serial line, a tunnel. At its other end a POSIX shell reads
/// commands, and what it writes comes back.
/// </summary>
/// <remarks>
/// The stream is read and written by a thread each, with its blocking members, which must work side by side, and belongs to the context
/// from <c>ConnectAsync</c> on: it is disposed with it. Half of a <see cref="System.Net.Sockets.NetworkStream"/> is closed when the
/// context is to end; other streams cannot be, and are disposed.
/// </remarks>
/// <param name="Stream">The stream.</param>
public sealed record StreamConnection(Stream Stream) : CarriedConnection
{
    /// <inheritdoc/>
    protected override async Task<Carrier> OpenAsync(string command, Stream errors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(errors);
        await errors.DisposeAsync().ConfigureAwait(false); // there is but one stream
        try
        {
            await Stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), cancellationToken).Guarded();
            await Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            return new StreamCarrier(Stream);
        }
        catch
        {
            await Stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
