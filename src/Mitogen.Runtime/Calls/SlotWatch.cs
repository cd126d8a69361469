using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>Says in the log, once each time, when calls wait for a slot and none has got one for long: what bounds them, and who holds the slots.</summary>
internal sealed class SlotWatch
{
    private const int Named = 3;

    private readonly CallHub _hub;
    private readonly Alarm _alarm;
    private readonly Dictionary<(CallEndpoint Endpoint, StreamClass Kind), bool> _told = [];

    public SlotWatch(CallHub hub)
    {
        _hub = hub;
        _alarm = new Alarm(hub, Look);
    }

    private int Patience => _hub.Options.WaitWarningMilliseconds;

    /// <summary>A call waits for a slot.</summary>
    public void Watch(in HubLock locked, CallEndpoint endpoint, StreamClass kind)
    {
        if (Patience > 0 && _told.TryAdd((endpoint, kind), false))
        {
            long now = Environment.TickCount64;
            _ = locked.Kernel.WaitFor(endpoint.Id, kind, now); // from now on it knows whether calls get slots
            _alarm.Set(locked, now + Patience);
        }
    }

    public void Stop(in HubLock locked) => _alarm.Stop(locked);

    private void Look(in HubLock locked)
    {
        long now = Environment.TickCount64;
        foreach ((CallEndpoint endpoint, StreamClass kind) in _told.Keys.ToArray())
        {
            if (locked.Kernel.WaitFor(endpoint.Id, kind, now) is not { } wait)
            {
                _ = _told.Remove((endpoint, kind));
                continue;
            }

            bool isLong = wait.StillMilliseconds >= Patience;
            if (isLong && !_told[(endpoint, kind)])
            {
                _hub.Host.OnCallsWait(locked, endpoint.Path, wait, Describe(wait.Longest));
            }

            _told[(endpoint, kind)] = isLong;
            _alarm.Set(locked, now + Patience);
        }
    }

    private static string Describe(MuxStream? longest)
    {
        List<string> calls = [];
        for (MuxStream? stream = longest; stream is not null && calls.Count < Named; stream = stream.Next)
        {
            calls.Add(stream.Handler is PendingCall call ? call.Parts.Method.Name : "one that was given up");
        }

        return string.Join(", ", calls);
    }
}
