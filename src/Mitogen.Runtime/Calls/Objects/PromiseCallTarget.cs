using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object that a call under way will return. Calls on it leave at once, to where that call went, and wait there.</summary>
internal sealed class PromiseCallTarget(RemoteCallTarget origin, RemoteMethod method, ulong id)
    : ObjectCallTarget(new ImportedObject(origin.Endpoint, id, 0), $"what {method.Name} returns", 0, origin.Options)
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isObserved;
    private volatile bool _isSent;

    // All guarded by the hub's lock. A call on the object follows the one that promises it: where that is not known, the object is not either.
    private List<KeptCall>? _kept;
    private bool _isDecided;
    private Exception? _unsent;

    /// <summary>Completes when the object is there; faults as the call did.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Whether the call that promises the object has left.</summary>
    public bool IsSent => _isSent;

    /// <summary>Keeps a call on the object while the one that promises it has not left and still may.</summary>
    /// <returns>Whether it was kept, or has ended.</returns>
    public bool Keep(in HubLock locked, PendingCall call)
    {
        if (_isDecided)
        {
            return false;
        }

        if (_kept?.Count == Endpoint.Hub.Options.MaxWaitingStreams)
        {
            call.FailAsOneTooMany(locked);
        }
        else
        {
            (_kept ??= []).Add(new KeptCall(call));
        }

        return true;
    }

    /// <summary>The call that promises the object has left, or never will.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="error">Why it never will.</param>
    public void LetGo(in HubLock locked, Exception? error)
    {
        if (_isDecided)
        {
            return;
        }

        _isDecided = true;
        _unsent = error;
        _isSent = error is null;
        if (error is not null)
        {
            FailedStep.Mark(error, method, Endpoint.Path);
        }

        if (_kept is { } kept)
        {
            _kept = null;
            locked.Freed.Free(locked, kept);
        }
    }

    /// <summary>Someone will hear of a failure.</summary>
    public void Observe() => _isObserved = true;

    public override OutgoingCall<T> Begin<T>(RemoteMethod method, ResultReader<T>? reader)
    {
        _isObserved = true;
        return base.Begin(method, reader);
    }

    internal override async ValueTask ReadyAsync(CancellationToken cancellationToken)
    {
        _isObserved = true;
        await _settled.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Settle(Exception? error)
    {
        if (error is null)
        {
            _settled.SetResult();
            return;
        }

        FailedStep.Mark(error, method, Endpoint.Path);
        _settled.SetException(error);
        _ = _settled.Task.Exception; // told by whoever asks, and by the log below
    }

    /// <summary>The failure of the call that was to return the object, if it failed before it left.</summary>
    public override Exception? Failure => _unsent ?? (_settled.Task.IsFaulted ? _settled.Task.Exception!.InnerException : null);

    public override void LetGo() => _ = ReturnAsync();

    /// <summary>The release is not sent before the promise is settled: until then it would hold up those of other objects.</summary>
    protected override async Task ReturnAsync()
    {
        await _settled.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Nobody has asked for it until now, and nobody will.
        if (!_isObserved && Failure is { } failure)
        {
            Endpoint.Hub.Host.OnPromiseFailed(method, failure);
        }

        if (_isSent)
        {
            await base.ReturnAsync().ConfigureAwait(false);
        }
    }
}
