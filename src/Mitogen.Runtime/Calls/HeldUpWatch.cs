using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>Says in the log when a method that should return a task at once does not for long, and calls wait behind it: once each time.</summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class HeldUpWatch : IDisposable
{
    private readonly CallHub _hub;
    private readonly Alarm _alarm;
    private readonly List<CallGate> _gates = [];
    private readonly Dictionary<RemoteMethod, long> _told = [];

    public HeldUpWatch(CallHub hub)
    {
        _hub = hub;
        _alarm = new Alarm(hub, Look);
    }

    private int Patience => _hub.Options.WaitWarningMilliseconds;

    /// <summary>Calls wait at a gate that is not watched yet.</summary>
    /// <returns>Whether it is from now on.</returns>
    public bool Watch(CallGate gate)
    {
        if (Patience == 0)
        {
            return false;
        }

        _gates.Add(gate);
        _alarm.Set(Environment.TickCount64 + Patience);
        return true;
    }

    public void Dispose() => _alarm.Dispose();

    private void Look()
    {
        long now = Environment.TickCount64;
        foreach (CallGate gate in _gates.ToArray())
        {
            if (gate.FindHolder() is not { } holder)
            {
                _ = _gates.Remove(gate);
                gate.IsWatched = false;
                continue;
            }

            long time = now - holder.Since;
            if (time >= Patience && (!_told.TryGetValue(holder.Method, out long told) || now - told >= _hub.Options.LogIntervalMilliseconds))
            {
                _told[holder.Method] = now;
                _hub.Host.OnCallsHeldUp(holder.Method, TimeSpan.FromMilliseconds(time), holder.Waiting);
            }

            _alarm.Set(time < Patience ? now + Patience - time : now + Patience);
        }
    }
}

/// <summary>A call that keeps others from starting.</summary>
/// <param name="Method">What it runs.</param>
/// <param name="Since">Since when, in milliseconds as <see cref="Environment.TickCount64"/> has them.</param>
/// <param name="Waiting">How many calls wait at least.</param>
internal readonly record struct Holder(RemoteMethod Method, long Since, int Waiting);
