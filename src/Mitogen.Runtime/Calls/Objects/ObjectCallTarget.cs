using System.Diagnostics.CodeAnalysis;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object over there that this context holds references to. A proxy that is forgotten releases them by its finalizer.</summary>
[SuppressMessage("Usage", "CA1816", Justification = "Released in other ways than by Dispose.")]
internal class ObjectCallTarget : RemoteCallTarget, IForgotten
{
    private readonly ImportedObject _object;
    private int _released;

    public ObjectCallTarget(ImportedObject imported, string name, uint tag, CallOptions options)
        : base(imported.Owner, name, imported.Sequence, options)
    {
        _object = imported;
        Tag = tag;
    }

#pragma warning disable MA0055 // the other context cannot know when nobody here needs the object any more
    ~ObjectCallTarget() => Forget();
#pragma warning restore MA0055

    public override ulong ObjectId => _object.Id;

    internal override uint Tag { get; }

    public bool IsReleased => Volatile.Read(ref _released) != 0;

    /// <summary>The references that came and are held by this. Guarded by the hub's lock.</summary>
    public uint References { get; set; } = 1;

    /// <exception cref="ObjectDisposedException">The object was released; it is named as users know it.</exception>
    public void ThrowIfReleased()
    {
        if (IsReleased)
        {
            throw Released();
        }
    }

    public override OutgoingCall<T> Begin<T>(RemoteMethod method, ResultReader<T>? reader)
    {
        ThrowIfReleased();
        return base.Begin(method, reader);
    }

    internal override ValueTask ReleaseAsync()
    {
        GC.SuppressFinalize(this);
        return TryRelease() ? new ValueTask(ReturnAsync()) : default;
    }

    /// <summary>Lets go of the object without waiting for anything.</summary>
    public void Forget()
    {
        GC.SuppressFinalize(this);
        if (TryRelease())
        {
            Endpoint.Hub.Forgotten.Add(this);
        }
    }

    /// <summary>On a pool thread: the proxy was forgotten.</summary>
    public virtual void LetGo()
    {
        using (HubLock locked = Endpoint.Hub.Enter())
        {
            _object.Return(locked, References);
        }
    }

    /// <summary>Tells the object's context that its references are not held any more. It is told in order with the calls before.</summary>
    protected virtual Task ReturnAsync()
    {
        Task returned;
        using (HubLock locked = Endpoint.Hub.Enter())
        {
            returned = _object.ReturnAsync(locked, References);
        }

        return returned;
    }

    private bool TryRelease() => Interlocked.Exchange(ref _released, 1) == 0;

    // Named as users know it, and not by this type.
    private ObjectDisposedException Released() => new(ToString());
}
