using Mitogen.Contexts;

namespace Mitogen;

/// <summary>Starts contexts by whole chains of connections, from any context.</summary>
/// <remarks>All members are safe for use by several threads at once.</remarks>
public static class RemoteContextExtensions
{
    /// <summary>Starts a chain of contexts, the first from this one and each further one from the one before it, and completes when the last is up.</summary>
    /// <param name="context">The context that starts the first.</param>
    /// <param name="chain">How to start them, the outermost first; at least one.</param>
    /// <param name="cancellationToken">Gives the start up; what was started is ended.</param>
    /// <returns>The last context. Disposing it ends the ones before it too, and so does its loss.</returns>
    /// <exception cref="ArgumentException">The chain is empty, or a connection is wrong. What was started before is ended.</exception>
    /// <exception cref="BootstrapException">One of them did not come up: <see cref="BootstrapException.ContextName"/> says which,
    /// <see cref="BootstrapException.Hop"/> from where. The ones before it are ended; <paramref name="context"/> remains usable.</exception>
    /// <exception cref="ContextLostException">This context, or one on the way, is gone.</exception>
    public static Task<IRemoteContext> ConnectAsync(this IRemoteContext context, IReadOnlyList<Connection> chain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ContextChain.ConnectAsync(context, Checked(chain), cancellationToken);
    }

    /// <summary>Starts the chain of contexts that a connection string names, such as <c>ssh://web1+sudo</c>, and completes when the last is up.</summary>
    /// <param name="context">The context that starts the first.</param>
    /// <param name="connectionString">The string; see <see cref="ConnectionString"/>.</param>
    /// <param name="cancellationToken">Gives the start up; what was started is ended.</param>
    /// <returns>The last context. Disposing it ends the ones before it too, and so does its loss.</returns>
    /// <exception cref="FormatException">It is no connection string; the message shows the place.</exception>
    /// <exception cref="BootstrapException">One of them did not come up: <see cref="BootstrapException.ContextName"/> says which,
    /// <see cref="BootstrapException.Hop"/> from where. The ones before it are ended; <paramref name="context"/> remains usable.</exception>
    /// <exception cref="ContextLostException">This context, or one on the way, is gone.</exception>
    public static Task<IRemoteContext> ConnectAsync(this IRemoteContext context, string connectionString, CancellationToken cancellationToken = default) =>
        context.ConnectAsync(ConnectionString.Parse(connectionString), cancellationToken);

    /// <summary>As <see cref="ConnectAsync(IRemoteContext, IReadOnlyList{Connection}, CancellationToken)"/>, but returns at once; calls on the last
    /// context wait until it is up.</summary>
    /// <param name="context">The context that starts the first.</param>
    /// <param name="chain">How to start them, the outermost first; at least one.</param>
    /// <returns>The last context. If one of them does not come up, every call on it faults with that <see cref="BootstrapException"/>, and the
    /// ones before it are ended.</returns>
    /// <exception cref="ArgumentException">The chain is empty, or a connection is wrong. What was started before is ended.</exception>
    public static IRemoteContext Through(this IRemoteContext context, IReadOnlyList<Connection> chain)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ContextChain.Through(context, Checked(chain));
    }

    /// <summary>As <see cref="ConnectAsync(IRemoteContext, string, CancellationToken)"/>, but returns at once; calls on the last context wait until
    /// it is up.</summary>
    /// <param name="context">The context that starts the first.</param>
    /// <param name="connectionString">The string; see <see cref="ConnectionString"/>.</param>
    /// <returns>The last context. If one of them does not come up, every call on it faults with that <see cref="BootstrapException"/>, and the
    /// ones before it are ended.</returns>
    /// <exception cref="FormatException">It is no connection string; the message shows the place.</exception>
    public static IRemoteContext Through(this IRemoteContext context, string connectionString) => context.Through(ConnectionString.Parse(connectionString));

    private static IReadOnlyList<Connection> Checked(IReadOnlyList<Connection> chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return chain.Count == 0 ? throw new ArgumentException("A chain has at least one connection, and this one has none.", nameof(chain))
            : chain.Any(static connection => connection is null) ? throw new ArgumentException("A connection of the chain is null.", nameof(chain))
            : chain;
    }
}
