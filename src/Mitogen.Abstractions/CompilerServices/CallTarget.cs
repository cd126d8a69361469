using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>Where a proxy sends its calls: one service or object in one context. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallTarget
{
    /// <summary>Begins a call. Its arguments are written next; then exactly one of its other methods sends or refuses it.</summary>
    /// <typeparam name="T">The result's type; <see cref="NoResult"/> where there is none.</typeparam>
    /// <param name="method">The method to call.</param>
    /// <param name="reader">Reads the result; <see langword="null"/> where there is none.</param>
    /// <returns>The call, owned by the caller until it is sent.</returns>
    public abstract OutgoingCall<T> Begin<T>(RemoteMethod method, ResultReader<T>? reader);

    /// <summary>The tag that the object's context gave with its reference; each contract has its own meaning for it.</summary>
    internal virtual uint Tag => 0;

    /// <summary>Lets go of the object.</summary>
    /// <returns>A task that completes when its context knows, or is gone.</returns>
    internal virtual ValueTask ReleaseAsync() => default;

    /// <summary>Completes when a promised object is there.</summary>
    /// <param name="cancellationToken">Ends the wait only.</param>
    /// <returns>A task that faults as the call did that promised it.</returns>
    internal virtual ValueTask ReadyAsync(CancellationToken cancellationToken) => default;
}
