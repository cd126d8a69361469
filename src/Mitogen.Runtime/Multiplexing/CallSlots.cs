namespace Mitogen.Multiplexing;

/// <summary>The calls of one class to one context: those that have a slot, and those that wait for one, in their order.</summary>
/// <remarks>Not thread-safe: its owner guards it.</remarks>
internal sealed class CallSlots
{
    private long _granted;
    private long _grantedBefore = -1;
    private long _stillSince;

    /// <summary>The calls that have a slot; the first one has had its own the longest.</summary>
    public StreamList Holding { get; } = new();

    public StreamList Waiting { get; } = new();

    /// <summary>Gives a stream a slot if there is one.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="room">How many slots there are.</param>
    /// <param name="orWait">Whether it waits for one otherwise.</param>
    public bool TryTake(MuxStream stream, int room, bool orWait)
    {
        if (Holding.Count >= room)
        {
            if (orWait && stream.List != Waiting)
            {
                Waiting.Add(stream);
            }

            return false;
        }

        Holding.Add(stream);
        stream.HoldsSlot = true;
        _granted++;
        return true;
    }

    /// <summary>Lets those in that wait, as far as there are slots.</summary>
    public void LetIn(int room)
    {
        while (Holding.Count < room && Waiting.First is { } stream)
        {
            stream.EnqueueIfReady();
            if (stream.List == Waiting)
            {
                return;
            }
        }
    }

    /// <summary>Whether calls wait, and for how long none of them got a slot, as far as this was asked before.</summary>
    /// <param name="peer">Who is called.</param>
    /// <param name="now">The caller's clock, in milliseconds.</param>
    /// <returns><see langword="null"/> when none waits.</returns>
    public SlotWait? Look(uint peer, long now)
    {
        if (Waiting.Count == 0)
        {
            _grantedBefore = -1;
            return null;
        }

        if (_granted != _grantedBefore)
        {
            (_grantedBefore, _stillSince) = (_granted, now);
        }

        return new SlotWait(peer, Waiting.Count, Holding.Count, now - _stillSince, Holding.First);
    }
}

/// <summary>Calls that wait for a slot.</summary>
/// <param name="Peer">Who is called.</param>
/// <param name="Waiting">How many calls wait.</param>
/// <param name="Holding">How many have a slot.</param>
/// <param name="StillMilliseconds">For how long no call got a slot.</param>
/// <param name="Longest">The call that has had its slot the longest.</param>
internal readonly record struct SlotWait(uint Peer, int Waiting, int Holding, long StillMilliseconds, MuxStream? Longest);
