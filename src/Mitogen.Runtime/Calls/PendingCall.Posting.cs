namespace Mitogen.Calls;

/// <content>One-way calls: nobody waits for their end, but whoever makes one is told when it cannot even be sent.</content>
internal abstract partial class PendingCall
{
    // The call that this thread is posting, until it ends here.
    [ThreadStatic]
    private static PendingCall? s_posting;

    // Guarded by the hub's lock: whether it counts as posted and not ended.
    private bool _isPosted;

    /// <summary>Sends the call and leaves it to itself, unless it has ended at once.</summary>
    /// <returns>Whether it has ended, and belongs to the caller; if not, nobody but itself may touch it any more.</returns>
    public bool Post()
    {
        PendingCall? outer = s_posting;
        s_posting = this;
        try
        {
            using (HubLock locked = Hub.Enter())
            {
                _isPosted = true;
                Parts.Endpoint.Posted.Begin(locked, Parts.Target.Name);
            }

            Send();
            return s_posting is null;
        }
        finally
        {
            s_posting = outer;
        }
    }

    /// <summary>After the lock: whether the call has ended while this thread posts it, which then takes the outcome.</summary>
    public bool EndsWhilePosted()
    {
        bool isPosting = s_posting == this;
        s_posting = isPosting ? null : s_posting;
        return isPosting;
    }

    private void EndPost(in HubLock locked)
    {
        if (_isPosted)
        {
            // A failure that the caller is told at once is not lost in silence.
            _isPosted = false;
            Parts.Endpoint.Posted.End(locked, Parts.Target.Name, isLost: Error is ContextLostException or BootstrapException && s_posting != this);
        }
    }
}
