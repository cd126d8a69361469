using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object of another context, as this one knows it. It outlives its proxy until its context has forgotten it too, so that calls by a later proxy are numbered on.</summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class ImportedObject(CallEndpoint owner, ulong id, ulong contract)
{
    private readonly WeakReference<ObjectCallTarget?> _target = new(null);
    private readonly WeakReference<object?> _proxy = new(null);

    public CallEndpoint Owner { get; } = owner;

    public ulong Id { get; } = id;

    public ulong Contract { get; } = contract;

    public SequenceCounter Sequence { get; } = new();

    /// <summary>Messages at work that refer to the object, and releases under way.</summary>
    public int Uses { get; set; }

    /// <summary>Whether neither a message nor a proxy refers to the object. A proxy that was disposed does not, for as long as it is in memory.</summary>
    public bool IsUnused => Uses == 0 && !(_target.TryGetTarget(out ObjectCallTarget? target) && !target.IsReleased);

    /// <summary>Gives one counted reference to the object's proxy, which is made if there is none.</summary>
    public T Claim<T>(RemoteContract<T> contract, uint tag, CallOptions options)
        where T : class
    {
        if (_target.TryGetTarget(out ObjectCallTarget? target) && !target.IsReleased && _proxy.TryGetTarget(out object? proxy))
        {
            target.References++;
            return (T)proxy;
        }

        target = new ObjectCallTarget(this, contract.Name, tag, options);
        T made = contract.CreateProxy(target);
        _target.SetTarget(target);
        _proxy.SetTarget(made);
        return made;
    }

    /// <summary>What releases a reference that no proxy holds.</summary>
    public ObjectCallTarget Unclaimed() => new(this, "an object", 0, CallEndpoint.NoOptions);
}
