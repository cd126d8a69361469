namespace Mitogen.Calls;

/// <summary>
/// A call that its endpoint keeps until the context is up, or a promise until it is sent. It may end before that, and its instance be in use for another
/// call, perhaps to another context: that one is left alone.
/// </summary>
internal readonly struct KeptCall(PendingCall call)
{
    private readonly int _generation = call.Generation;

    public void SendTo(in HubLock locked, uint context)
    {
        if (call.IsPending(_generation))
        {
            call.SendTo(locked, context);
        }
    }

    /// <summary>Begins to send it anew.</summary>
    public void Admit(in HubLock locked)
    {
        if (call.IsPending(_generation))
        {
            call.Admit(locked);
        }
    }

    public void Fail(in HubLock locked, Exception error)
    {
        if (call.IsPending(_generation))
        {
            call.Fail(locked, error);
        }
    }
}
