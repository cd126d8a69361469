namespace Mitogen;

/// <summary>One process, or one in-process fake, that runs calls: the root, or a context somewhere below it.</summary>
/// <remarks>All members are safe for use by several threads at once.</remarks>
public interface IRemoteContext : IAsyncDisposable
{
    /// <summary>The context's name, for logs and errors. The connection may choose it: one that a living sibling has is an
    /// <see cref="ArgumentException"/> there.</summary>
    string Name { get; }

    /// <summary>The context's number in its tree: 1 for the root. 0 until a context made by <see cref="Through"/> is up.</summary>
    uint Id { get; }

    /// <summary>The context that started this one; <see langword="null"/> for a root.</summary>
    /// <remarks>Inside a started context its parent carries identity only: calls on it fail.</remarks>
    IRemoteContext? Parent { get; }

    /// <summary>The contexts that this process has started from this one, and that live: a copy, in the order of their ids. One that is not up yet
    /// is not among them.</summary>
    IReadOnlyList<IRemoteContext> Children { get; }

    /// <summary>The context's description of itself when it came up.</summary>
    /// <exception cref="InvalidOperationException">The context was made by <see cref="Through"/> and is not up yet.</exception>
    ContextInfo Info { get; }

    /// <summary>Is cancelled when the context is lost, shut down or disposed.</summary>
    CancellationToken Disconnected { get; }

    /// <summary>Why the context is gone; <see langword="null"/> while it is not.</summary>
    DisconnectReason? DisconnectReason { get; }

    /// <summary>Gets a proxy for the service that implements <typeparamref name="T"/> in this context. Costs no round trip.</summary>
    /// <typeparam name="T">A <see cref="RemoteAttribute"/> interface that the program's catalog knows.</typeparam>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not in the catalog.</exception>
    T Get<[ContractType] T>() where T : class;

    /// <summary>As <see cref="Get{T}()"/>, with options that hold for every call on the proxy.</summary>
    /// <typeparam name="T">A <see cref="RemoteAttribute"/> interface that the program's catalog knows.</typeparam>
    /// <param name="options">The options of the calls.</param>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not in the catalog.</exception>
    T Get<[ContractType] T>(CallOptions options) where T : class;

    /// <summary>Starts a context from this one and completes when it is up.</summary>
    /// <param name="connection">How to start it.</param>
    /// <param name="cancellationToken">Gives the start up; what was started is ended.</param>
    /// <returns>The new context, a child of this one. Disposing it ends it.</returns>
    /// <exception cref="BootstrapException">It did not come up; this context remains usable.</exception>
    /// <exception cref="ContextLostException">This context is gone.</exception>
    Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default);

    /// <summary>Starts a context from this one and returns at once; calls on it wait until it is up.</summary>
    /// <param name="connection">How to start it.</param>
    /// <returns>
    /// The new context. If it does not come up, every call on it faults with that <see cref="BootstrapException"/> and
    /// <see cref="Disconnected"/> is cancelled.
    /// </returns>
    IRemoteContext Through(Connection connection);

    /// <summary>Asks the context for a sign of life. The context itself answers, and none of its services.</summary>
    /// <param name="cancellationToken">Ends the wait only.</param>
    /// <returns>A task that completes when the context has answered.</returns>
    /// <exception cref="BootstrapException">It did not come up.</exception>
    /// <exception cref="ContextLostException">It is gone.</exception>
    /// <exception cref="InvalidOperationException">It is the parent of the context that asks, which cannot be called.</exception>
    Task PingAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the context in order: running calls are told to cancel, services are disposed, output is flushed, all within its grace period.</summary>
    /// <param name="cancellationToken">Stops waiting; the end itself goes on and is bounded by the connection's time-outs.</param>
    /// <returns>A task that completes when the context and everything below it is gone. It is safe to call it again.</returns>
    ValueTask ShutdownAsync(CancellationToken cancellationToken = default);
}
