using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>An object that a call under way will return. Calls on it leave at once, to where that call went, and wait there.</summary>
internal sealed class PromiseCallTarget(RemoteCallTarget origin, RemoteMethod method, ulong id)
    : ObjectCallTarget(new ImportedObject(origin.Endpoint, id, 0), $"what {method.Name} returns", 0, origin.Options)
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isObserved;

    /// <summary>Completes when the object is there; faults as the call did.</summary>
    public Task Settled => _settled.Task;

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
    public override Exception? Failure => _settled.Task.IsFaulted ? _settled.Task.Exception!.InnerException : null;

    internal override async Task SendReleaseAsync()
    {
        // What nobody asked for until now, nobody will.
        if (!_isObserved)
        {
            try
            {
                await _settled.Task.ConfigureAwait(false);
            }
#pragma warning disable CA1031 // nobody else hears of it
            catch (Exception e)
#pragma warning restore CA1031
            {
                Endpoint.Hub.Host.OnPromiseFailed(method, e);
            }
        }

        await base.SendReleaseAsync().ConfigureAwait(false);
    }
}
