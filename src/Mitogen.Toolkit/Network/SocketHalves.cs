namespace Mitogen.Toolkit;

/// <summary>A connection that is in another context, as two streams. <see cref="NetworkExtensions.DialAsync"/> makes one stream of them.</summary>
/// <param name="Input">The bytes that come. It fails if the connection is reset.</param>
/// <param name="Output">The bytes that go. To dispose it sends what was written, and then the end (FIN).</param>
/// <param name="Local">The address there.</param>
/// <param name="Remote">The address of the other side, as the context sees it.</param>
/// <param name="Control">The rest of it, as a contract.</param>
public sealed record SocketHalves(Stream Input, Stream Output, NetworkAddress Local, NetworkAddress Remote, ISocketControl Control) : IAsyncDisposable
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
            await Task.WhenAll(Input.DisposeAsync().AsTask(), Control.DisposeAsync().AsTask()).ConfigureAwait(false);
        }
    }
}

/// <summary>The part of <see cref="SocketHalves"/> that is no stream. A test's fake implements it as well.</summary>
[Remote]
public interface ISocketControl : IAsyncDisposable
{
    /// <summary>As <see cref="RemoteSocketStream.ResetAsync"/>. What is read or written afterwards fails; both halves still have to be disposed.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the connection is gone.</returns>
    Task ResetAsync(CancellationToken cancellationToken = default);
}
