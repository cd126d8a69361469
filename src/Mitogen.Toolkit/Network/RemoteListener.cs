namespace Mitogen.Toolkit;

/// <summary>A listener in another context, whose connections come here.</summary>
/// <param name="Address">Where it listens; with the port that it got.</param>
/// <param name="Control">The rest of it, as a contract.</param>
public sealed record RemoteListener(NetworkAddress Address, IListenerControl Control) : IAsyncDisposable
{
    /// <summary>Waits for the next connection. Several waits may be under way at once; each connection goes to one of them.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    public async Task<RemoteSocketStream> AcceptAsync(CancellationToken cancellationToken = default) =>
        new(await Control.AcceptAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Listens no more. Connections that were accepted go on.</summary>
    /// <returns>A task that completes when the address is free.</returns>
    public ValueTask DisposeAsync() => Control.DisposeAsync();
}

/// <summary>The part of a <see cref="RemoteListener"/> that is in its context. A test's fake implements it as well.</summary>
[Remote]
public interface IListenerControl : IAsyncDisposable
{
    /// <summary>As <see cref="RemoteListener.AcceptAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The connection.</returns>
    Task<SocketHalves> AcceptAsync(CancellationToken cancellationToken = default);
}
