namespace Mitogen.Toolkit;

/// <summary>A connection that is in another context, as two streams. <see cref="NetworkExtensions.DialAsync"/> makes one stream of them.</summary>
/// <param name="Input">The bytes that come. It fails if the connection is reset.</param>
/// <param name="Output">The bytes that go. To dispose it sends what was written, and then the end (FIN).</param>
/// <param name="Local">The address there.</param>
/// <param name="Remote">The address of the other side, as the context sees it.</param>
public sealed record SocketHalves(Stream Input, Stream Output, NetworkAddress Local, NetworkAddress Remote) : IAsyncDisposable
{
    /// <summary>Sends what was written, and closes the connection.</summary>
    /// <returns>A task that completes when it is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Output.FlushAsync().ConfigureAwait(false);
            await Output.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await Input.DisposeAsync().ConfigureAwait(false);
        }
    }
}
