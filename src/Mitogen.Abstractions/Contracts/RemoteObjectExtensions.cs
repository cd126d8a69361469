using Mitogen.CompilerServices;

namespace Mitogen;

/// <summary>The methods of any object that may live in another context.</summary>
public static class RemoteObjectExtensions
{
    /// <summary>Waits until a promised object is there.</summary>
    /// <remarks>
    /// A method or property whose type is a contract gives a promise at once, and calls on it leave at once. This observes the
    /// promise itself. For every other object, a plain one in a test among them, it completes at once. Safe for use by several threads.
    /// </remarks>
    /// <typeparam name="T">The object's contract.</typeparam>
    /// <param name="proxy">The promise.</param>
    /// <param name="cancellationToken">Ends the wait only: the call that promised the object goes on.</param>
    /// <returns>A task that completes with <paramref name="proxy"/>, and faults as the call did that promised it.</returns>
    public static async ValueTask<T> ReadyAsync<T>(this T proxy, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(proxy);
        if (proxy is RemoteProxy remote)
        {
            await remote.Target.ReadyAsync(cancellationToken).ConfigureAwait(false);
        }

        return proxy;
    }
}
