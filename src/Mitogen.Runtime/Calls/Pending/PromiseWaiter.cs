namespace Mitogen.Calls;

/// <summary>The call that promises an object: when it has left, calls on the object may follow; when it ends, the promise is kept or broken.</summary>
internal sealed class PromiseWaiter : CallWaiter, IThreadPoolWorkItem
{
    private readonly PromiseCallTarget _promise;
    private CallLimits _limits;

    private PromiseWaiter(PromiseCallTarget promise) => _promise = promise;

    /// <summary>Sends the call.</summary>
    /// <returns>The object that it promises.</returns>
    public static PromiseCallTarget Start(PendingCall call)
    {
        OutgoingParts parts = call.Parts;
        using (HubLock locked = call.Hub.Enter())
        {
            parts.Promise = parts.Endpoint.Objects.NextPromise(locked);
        }

        PromiseCallTarget promise = new(parts.Target, parts.Method, parts.Promise);
        new PromiseWaiter(promise).Send(call);
        return promise;
    }

    public override void OnSent(in HubLock locked) => _promise.LetGo(locked, null);

    public override void OnEnded(in HubLock locked, bool wasSent)
    {
        if (!wasSent)
        {
            _promise.LetGo(locked, Call.Error);
        }
    }

    public override void Wake() => WorkThread.Queue(this);

    public void Execute()
    {
        CallHub hub = Call.Hub;
#pragma warning disable CA1031 // nobody is above a pool thread
        try
        {
            _promise.Settle(ReadFailure());
            _limits.End();
            LetGo().Return();
        }
        catch (Exception e)
        {
            hub.Host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    private void Send(PendingCall call)
    {
        CallHub hub = call.Hub;
        int generation = call.Generation;
        bool hasTime = call.Parts.Timeout is not null;
        Begin(call);
        call.Send();
        if (!hasTime)
        {
            return;
        }

        // Under the lock: nobody holds up the end of the call, and with it the use of the instance, until there is a timer.
        using (hub.Enter())
        {
            if (call.IsPending(generation))
            {
                _limits.BeginTime(call, generation);
            }
        }
    }
}
