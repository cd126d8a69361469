namespace Mitogen.Calls;

/// <summary>
/// Gives back what this context held of one other context's objects: a few releases are under way at a time, and what is given back of one
/// object meanwhile goes with its next one. So what waits is bounded by the objects that are known here, and a context that does not answer
/// delays its own releases alone.
/// </summary>
internal sealed class ReleaseQueue(CallHub hub, CallEndpoint peer)
{
    /// <summary>How many releases are under way to one context. They take no slots of calls, so that they wait behind none.</summary>
    public const int MostAtOnce = 32;

    // How long nothing is released to a context that has no room for a release, at first and at the most.
    private const int FirstPause = 50;
    private const int LongestPause = 10_000;

    private readonly Queue<ImportedObject> _waiting = new();
    private readonly Stack<OutgoingRelease> _idle = new();
    private int _underWay;
    private bool _isContinued;
    private bool _isPaused;
    private bool _isOver;
    private int _pause;
    private Alarm? _resume;
    private int _failed;
    private long? _told;

    /// <summary>Gives references of an object back.</summary>
    public void Add(in HubLock locked, ImportedObject released, uint count)
    {
        if (released is { ToReturn: 0, IsReturning: false })
        {
            _waiting.Enqueue(released);
        }

        released.ToReturn += count;
        SendNext(locked);
    }

    /// <summary>The other context is gone, and its objects with it.</summary>
    public void Drop(in HubLock locked)
    {
        _isOver = true;
        _isPaused = false;
        _resume?.Stop(locked);
        while (_waiting.TryDequeue(out ImportedObject? dropped))
        {
            dropped.ToReturn = 0;
            dropped.SetReturned(locked);
        }

        if (_failed > 0)
        {
            hub.Host.OnReleasesFailed(locked, peer.Path, _failed, null);
            _failed = 0;
        }
    }

    /// <summary>After the lock: a release was answered, or will not be.</summary>
    /// <param name="call">The release, which is free for another one.</param>
    /// <param name="released">Its object.</param>
    /// <param name="refused">How many references the other context had no room to take back: they are given back later.</param>
    /// <param name="isForgotten">Whether the other context has forgotten the object.</param>
    /// <param name="failure">Why nothing is known of that.</param>
    public void OnEnded(OutgoingRelease call, ImportedObject released, uint refused, bool isForgotten, Exception? failure)
    {
        using (HubLock locked = hub.Enter())
        {
            _underWay--;
            _idle.Push(call);
            released.IsReturning = false;
            if (refused > 0 && !_isOver)
            {
                released.ToReturn += refused;
                Pause(locked);
            }
            else if (failure is not null)
            {
                CountFailure(locked, failure);
            }
            else
            {
                _pause = 0;
            }

            if (released.ToReturn > 0)
            {
                _waiting.Enqueue(released);
            }
            else
            {
                released.SetReturned(locked);
                if (isForgotten)
                {
                    peer.Objects.Forget(locked, released);
                }
            }

            if (_isContinued)
            {
                return; // further up this thread's stack, or on another thread
            }

            _isContinued = true;
        }

        // In a loop: one that fails at once would else come back here from within itself, as often as there are objects.
        while (Continue())
        {
        }
    }

    private bool Continue()
    {
        using (HubLock locked = hub.Enter())
        {
            _isContinued = _waiting.Count > 0 && _underWay < MostAtOnce && !_isPaused;
            if (_isContinued)
            {
                SendNext(locked);
            }

            return _isContinued;
        }
    }

    private void SendNext(in HubLock locked)
    {
        while (!_isPaused && _underWay < MostAtOnce && _waiting.TryDequeue(out ImportedObject? next))
        {
            uint count = (uint)Math.Min(next.ToReturn, uint.MaxValue);
            next.ToReturn -= count;
            next.IsReturning = true;
            _underWay++;
            OutgoingRelease call = _idle.TryPop(out OutgoingRelease? idle) ? idle : new OutgoingRelease(this);
            call.Send(locked, next, count);
        }
    }

    /// <summary>The other context holds as much for this one as it may: what that is ends by and by, and until then all would be refused.</summary>
    private void Pause(in HubLock locked)
    {
        if (!_isPaused)
        {
            _isPaused = true;
            _pause = Math.Clamp(2 * _pause, FirstPause, LongestPause);
            (_resume ??= new Alarm(hub, Resume)).Set(locked, Environment.TickCount64 + _pause);
        }
    }

    private void Resume(in HubLock locked)
    {
        _isPaused = false;
        SendNext(locked);
    }

    private void CountFailure(in HubLock locked, Exception failure)
    {
        _failed++;
        long now = Environment.TickCount64;
        if (_told is not { } last || now - last >= hub.Options.LogIntervalMilliseconds)
        {
            _told = now;
            hub.Host.OnReleasesFailed(locked, peer.Path, _failed, failure);
            _failed = 0;
        }
    }
}
