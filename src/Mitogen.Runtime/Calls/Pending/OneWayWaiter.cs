namespace Mitogen.Calls;

/// <summary>A one-way call: nobody waits for its end but the log, but whoever makes one is told when it cannot even be sent.</summary>
internal sealed class OneWayWaiter : CallWaiter, IThreadPoolWorkItem
{
    // The call that this thread is posting, until it ends here.
    [ThreadStatic]
    private static OneWayWaiter? s_posting;

    /// <summary>Sends the call and leaves it to itself, unless it has ended at once.</summary>
    /// <exception cref="Exception">It has, and this is why.</exception>
    public static void Post(PendingCall call)
    {
        OneWayWaiter waiter = Pool<OneWayWaiter>.TryRent() ?? new OneWayWaiter();
        waiter.Begin(call);
        if (!waiter.Send())
        {
            return;
        }

        Exception? error = waiter.ReadFailure();
        waiter.Return();
        if (error is not null)
        {
            throw error;
        }
    }

    public override void OnEnded(in HubLock locked, bool wasSent)
    {
        // A failure that the caller is told at once is not lost in silence.
        bool isLost = Call.Error is ContextLostException or BootstrapException && s_posting != this;
        Call.Parts.Endpoint.Posted.End(locked, Call.Parts.Target.Name, isLost);
    }

    /// <summary>A call that ends while its thread posts it leaves the outcome to that.</summary>
    public override void Wake()
    {
        if (s_posting == this)
        {
            s_posting = null;
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Tells of a failure. Calls that ended with their context are told of together.</summary>
    public void Execute()
    {
        CallHub hub = Call.Hub;
#pragma warning disable CA1031 // the log is the user's, and nobody is above it
        try
        {
            if (ReadFailure() is { } error && Call.Error is not (ContextLostException or BootstrapException))
            {
                hub.Host.OnOneWayFailed(Call.Parts.Method, error);
            }

            Return();
        }
        catch (Exception e)
        {
            hub.Host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    /// <returns>Whether the call has ended, and belongs to this thread; if not, nobody but itself may touch it any more.</returns>
    private bool Send()
    {
        OneWayWaiter? outer = s_posting;
        s_posting = this;
        try
        {
            using (HubLock locked = Call.Hub.Enter())
            {
                Call.Parts.Endpoint.Posted.Begin(locked, Call.Parts.Target.Name);
            }

            Call.Send();
            return s_posting is null;
        }
        finally
        {
            s_posting = outer;
        }
    }

    /// <summary>Gives up everything of this use.</summary>
    private void Return()
    {
        LetGo().Return();
        Pool<OneWayWaiter>.Return(this);
    }
}
