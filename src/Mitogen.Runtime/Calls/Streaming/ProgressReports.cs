namespace Mitogen.Calls;

/// <summary>Hands the reports of a call to its progress parameters, one after the other, and all of them before the call completes.</summary>
internal sealed class ProgressReports(PendingCall call) : IThreadPoolWorkItem
{
    private readonly CallHub _hub = call.Hub;
    private readonly List<Action<IncomingPart>?> _sinks = [];

    // Guarded by the hub's lock; the credit bounds the queue.
    private readonly Queue<IncomingPart> _queue = new();
    private bool _isActive;
    private bool _isLast;

    /// <summary>How many progress parameters the call has.</summary>
    public int Count => _sinks.Count;

    /// <summary>Adds the next progress parameter.</summary>
    public void Add(Action<IncomingPart>? sink) => _sinks.Add(sink);

    /// <summary>A report came.</summary>
    public void Add(in HubLock locked, IncomingPart part)
    {
        _queue.Enqueue(part);
        if (!_isActive)
        {
            _isActive = true;
            call.Waiter!.Post(this);
        }
    }

    /// <summary>The call has ended, and its waiter is to be told after the last report.</summary>
    /// <returns>Whether that is now; otherwise it is told later.</returns>
    public bool EndNow()
    {
        using (_hub.Enter())
        {
            _isLast = _isActive;
            return !_isActive;
        }
    }

    public void Execute()
    {
#pragma warning disable CA1031 // a pool thread, or one that is blocked in the call: neither is to hear of it
        try
        {
            Report();
        }
        catch (Exception e)
        {
            _hub.Host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    private void Report()
    {
        while (Take() is { } part)
        {
            if (_sinks[part.Number] is not { } report)
            {
                continue;
            }

#pragma warning disable CA1031 // a report is told to nobody but the log: the call goes on
            try
            {
                report(part);
            }
            catch (Exception e)
            {
                _hub.Host.OnCallbackFailed(e);
            }
#pragma warning restore CA1031
            part.Recycle();
        }
    }

    private IncomingPart? Take()
    {
        bool isLast;
        using (HubLock locked = _hub.Enter())
        {
            if (_queue.TryDequeue(out IncomingPart? part))
            {
                call.Answer.Taken(locked, part);
                return part;
            }

            _isActive = false;
            isLast = _isLast;
        }

        if (isLast)
        {
            call.Waiter?.Wake(); // none, where a reader of parts closed the call
        }

        return null;
    }
}
