namespace Mitogen.Calls;

/// <summary>Which object of which contract a caller calls: calls with one key start in the order of their sequence numbers.</summary>
internal readonly record struct OrderKey(uint Caller, ulong Contract, ulong Object);

/// <summary>
/// Puts the calls on one key back into their order. A call starts when every call before it has started or was given up, and
/// its own arguments are complete. Pure: it is told what came and says what may start.
/// </summary>
/// <typeparam name="T">What stands for a call.</typeparam>
internal sealed class OrderGate<T>
    where T : class
{
    private readonly Dictionary<ulong, T?> _parked = [];
    private ulong _next;

    /// <summary>The sequence number that starts next.</summary>
    public ulong Next => _next;

    /// <summary>Calls that wait for one before them.</summary>
    public int Parked => _parked.Count;

    /// <summary>A call's arguments are complete, or (<paramref name="call"/> is null) it was given up.</summary>
    /// <param name="sequence">Its place.</param>
    /// <param name="call">The call.</param>
    /// <param name="startable">Receives what may start now, in order.</param>
    /// <returns>Whether the place was free: false for a number that was used already.</returns>
    public bool Arrive(ulong sequence, T? call, Queue<T> startable)
    {
        if (sequence != _next)
        {
            return sequence > _next && _parked.TryAdd(sequence, call);
        }

        Pass(call, startable);
        while (_parked.Count > 0 && _parked.Remove(_next, out T? parked))
        {
            Pass(parked, startable);
        }

        return true;
    }

    private void Pass(T? call, Queue<T> startable)
    {
        _next++;
        if (call is not null)
        {
            startable.Enqueue(call);
        }
    }
}
