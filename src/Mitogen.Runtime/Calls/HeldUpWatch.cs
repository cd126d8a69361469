using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>Says in the log when a method that should return a task at once does not for long, and calls wait behind it: once each time.</summary>
/// <remarks>
/// A gate counts the calls that it starts, which is cheaper than to note the time of each: one that runs the
/// same call at two looks has run it for the time between them at least.
/// </remarks>
internal sealed class HeldUpWatch
{
    private readonly CallHub _hub;
    private readonly Alarm _alarm;

    // The number of calls that each had started when that was seen first, and the time of it.
    private readonly Dictionary<CallGate, (long Started, long Time)> _gates = [];
    private readonly Dictionary<RemoteMethod, long> _told = [];

    public HeldUpWatch(CallHub hub)
    {
        _hub = hub;
        _alarm = new Alarm(hub, Look);
    }

    private int Patience => _hub.Options.WaitWarningMilliseconds;

    /// <summary>Calls wait at a gate that is not watched yet.</summary>
    /// <returns>Whether it is from now on.</returns>
    public bool Watch(in HubLock locked, CallGate gate)
    {
        if (Patience == 0)
        {
            return false;
        }

        long now = Environment.TickCount64;
        _gates.Add(gate, (gate.FindHolder(locked)?.Started ?? 0, now));
        _alarm.Set(locked, now + Patience);
        return true;
    }

    public void Stop(in HubLock locked) => _alarm.Stop(locked);

    private void Look(in HubLock locked)
    {
        long now = Environment.TickCount64;
        foreach ((CallGate gate, (long started, long since)) in _gates.ToArray())
        {
            if (gate.FindHolder(locked) is not { } holder)
            {
                _ = _gates.Remove(gate);
                gate.IsWatched = false;
                continue;
            }

            if (holder.Started != started)
            {
                _gates[gate] = (holder.Started, now);
            }

            long time = holder.Started == started ? now - since : 0;
            if (time >= Patience && (!_told.TryGetValue(holder.Method, out long told) || now - told >= _hub.Options.LogIntervalMilliseconds))
            {
                _told[holder.Method] = now;
                _hub.Host.OnCallsHeldUp(locked, holder.Method, TimeSpan.FromMilliseconds(time), holder.Waiting);
            }

            _alarm.Set(locked, time < Patience ? now + Patience - time : now + Patience);
        }
    }
}

/// <summary>A call that keeps others from starting.</summary>
/// <param name="Method">The method that it runs.</param>
/// <param name="Started">How many calls its gate has started, it included.</param>
/// <param name="Waiting">How many calls wait at least.</param>
internal readonly record struct Holder(RemoteMethod Method, long Started, int Waiting);
