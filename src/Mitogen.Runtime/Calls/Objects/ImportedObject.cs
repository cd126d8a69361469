using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object of another context, as this one knows it. It outlives its proxy until its context has forgotten it too, so that calls by a later proxy are numbered on.</summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class ImportedObject(CallEndpoint owner, ulong id, ulong contract)
{
    private readonly WeakReference<ObjectCallTarget?> _target = new(null);
    private readonly WeakReference<object?> _proxy = new(null);
    private TaskCompletionSource? _returned;

    public CallEndpoint Owner { get; } = owner;

    public ulong Id { get; } = id;

    public ulong Contract { get; } = contract;

    public SequenceCounter Sequence { get; } = new();

    /// <summary>Messages at work that refer to the object.</summary>
    public int Uses { get; set; }

    /// <summary>References that nobody here holds any more and that were not sent back yet. Owned by the <see cref="ReleaseQueue"/>.</summary>
    public ulong ToReturn { get; set; }

    /// <summary>Whether some are on their way back. Owned by the <see cref="ReleaseQueue"/>.</summary>
    public bool IsReturning { get; set; }

    /// <summary>Whether neither a message nor a proxy refers to the object. A proxy that was disposed does not, for as long as it is in memory.</summary>
    public bool IsUnused => Uses == 0 && !IsReturning && !(_target.TryGetTarget(out ObjectCallTarget? target) && !target.IsReleased);

    /// <summary>Gives one counted reference to the object's proxy, which is made if there is none.</summary>
    public T Claim<T>(in HubLock locked, RemoteContract<T> contract, uint tag, CallOptions options)
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

    /// <summary>Gives references back without waiting for anything.</summary>
    public void Return(in HubLock locked, uint count) => Owner.Releases.Add(locked, this, count);

    /// <summary>Gives references back.</summary>
    /// <returns>Completes when the object's context knows, or is gone.</returns>
    public Task ReturnAsync(in HubLock locked, uint count)
    {
        _returned ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task returned = _returned.Task;
        Return(locked, count);
        return returned;
    }

    /// <summary>All that was given back has been answered, or will not be.</summary>
    public void SetReturned(in HubLock locked)
    {
        _returned?.SetResult();
        _returned = null;
    }
}
