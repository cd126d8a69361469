namespace Mitogen.Calls;

/// <summary>Which object of which contract a caller calls: calls with one key start in the order of their sequence numbers.</summary>
internal readonly record struct OrderKey(uint Caller, ulong Contract, ulong Object);

/// <summary>
/// Puts the calls on one key back into their order. A call starts when every call before it has started or was given up, and
/// its own arguments are complete. Pure: it is told what came and says what may start.
/// </summary>
/// <remarks>
/// Calls that wait are kept in an ordered table, which no choice of numbers makes slow. Numbers that were given up one after the other are
/// one entry of it: an interval.
/// </remarks>
/// <typeparam name="T">The type that stands for a call.</typeparam>
/// <param name="start">Receives what may start, in order.</param>
internal sealed class OrderGate<T>(Action<T> start)
    where T : class
{
    private static readonly Comparer<Places> s_byNumber = Comparer<Places>.Create(static (a, b) => a.First.CompareTo(b.First));

    private readonly SortedSet<Places> _waiting = new(s_byNumber);
    private ulong _next;

    /// <summary>The sequence number that starts next.</summary>
    public ulong Next => _next;

    /// <summary>Entries that wait for a number before them: calls, and intervals of numbers that were given up.</summary>
    public int Parked => _waiting.Count;

    /// <summary>The calls that wait for one before them.</summary>
    public IEnumerable<T> Calls => _waiting.Where(static places => places.Call is not null).Select(static places => places.Call!);

    /// <summary>A call's arguments are complete, or (<paramref name="call"/> is null) it was given up.</summary>
    /// <param name="sequence">Its place.</param>
    /// <param name="call">The call.</param>
    /// <returns>Whether the place was free: false for a number that was used already.</returns>
    public bool Arrive(ulong sequence, T? call)
    {
        if (sequence != _next)
        {
            return sequence > _next && Park(sequence, call);
        }

        Pass(call);
        while (_waiting.Count > 0 && _waiting.Min is var first && first.First == _next)
        {
            _ = _waiting.Remove(first);
            _next = first.Last;
            Pass(first.Call);
        }

        return true;
    }

    /// <summary>A call that waits here is given up: what stays is its number.</summary>
    /// <returns>Whether it waited here.</returns>
    public bool GiveUp(ulong sequence, T call)
    {
        if (At(sequence).Call != call || !_waiting.Remove(new Places(sequence, sequence, call)))
        {
            return false;
        }

        return Park(sequence, null);
    }

    private bool Park(ulong sequence, T? call)
    {
        Places before = At(sequence);
        if (before.Exists && before.Last >= sequence)
        {
            return false;
        }

        Places places = new(sequence, sequence, call);
        if (call is null)
        {
            Places after = sequence == ulong.MaxValue ? default : At(sequence + 1);
            if (after.First == sequence + 1 && after.IsGap)
            {
                _ = _waiting.Remove(after);
                places = places with { Last = after.Last };
            }

            if (before.IsGap && before.Last == sequence - 1)
            {
                _ = _waiting.Remove(before);
                places = places with { First = before.First };
            }
        }

        return _waiting.Add(places);
    }

    /// <summary>The last entry that begins at a number or before it, if there is one.</summary>
    private Places At(ulong sequence) => _waiting.GetViewBetween(default, new Places(sequence, sequence, null)).Max;

    private void Pass(T? call)
    {
        _next++;
        if (call is not null)
        {
            start(call);
        }
    }

    /// <summary>A call, or numbers that were given up. None begins at 0: that number never waits.</summary>
    private readonly record struct Places(ulong First, ulong Last, T? Call)
    {
        public bool Exists => First != 0;

        public bool IsGap => Exists && Call is null;
    }
}
