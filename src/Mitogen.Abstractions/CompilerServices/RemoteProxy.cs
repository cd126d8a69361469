using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>The base of generated proxies. For generated code and the runtime only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RemoteProxy : IAsyncDisposable, IDisposable
{
    /// <summary>Creates the proxy.</summary>
    /// <param name="target">Where its calls go.</param>
    protected RemoteProxy(CallTarget target) => Target = target ?? throw new ArgumentNullException(nameof(target));

    /// <summary>Where the proxy's calls go.</summary>
    protected internal CallTarget Target { get; }

    /// <summary>Finds where the calls of a proxy go, for a proxy whose calls choose that anew each time.</summary>
    /// <param name="proxy">Any object.</param>
    /// <returns>Its target; <see langword="null"/> if it is no proxy.</returns>
    public static CallTarget? TargetOf(object proxy) => (proxy as RemoteProxy)?.Target;

    /// <summary>Lets go of the object, in order with the calls before. A service is left as it is.</summary>
    /// <returns>A task that completes when the object's context knows.</returns>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Target.ReleaseAsync();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot wait: the object's context is told later.</summary>
    void IDisposable.Dispose()
    {
        GC.SuppressFinalize(this);
        _ = Target.ReleaseAsync().AsTask(); // a context that is gone needs no word
    }

    /// <summary>Names the service or object and its context.</summary>
    /// <returns>Such as <c>IFileOps at root/web1</c>.</returns>
    public override string ToString() => Target.ToString() ?? "";
}
