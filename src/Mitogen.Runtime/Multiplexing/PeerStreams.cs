namespace Mitogen.Multiplexing;

/// <summary>
/// The streams between this context and one other. Of its own calls to it a context has a number under way, those whose answer has parts
/// counted apart, and one more for each stream that the other one has open to it: so calls that two contexts make in answer to each
/// other's never wait for those that wait for them. If both had calls waiting, each would have more under way than the other.
/// </summary>
/// <remarks>Not thread-safe: its owner guards it.</remarks>
internal sealed class PeerStreams(uint peer, Account? account, KernelOptions options)
{
    private static readonly Dictionary<ulong, MuxStream> s_none = [];

    // By the opener's number for it. Each is made with the first stream that needs it: most contexts are known and never called.
    private Dictionary<ulong, MuxStream>? _accepted;
    private StreamList? _free;
    private CallSlots? _calls;
    private CallSlots? _parts;

    /// <summary>The other context.</summary>
    public uint Peer { get; } = peer;

    /// <summary>
    /// The account that is charged for it; <see langword="null"/> where it is above this context, or this context itself.
    /// </summary>
    public Account? Account { get; } = account;

    /// <summary>The streams that it opened.</summary>
    public IReadOnlyCollection<MuxStream> Accepted => (_accepted ?? s_none).Values;

    public int AcceptedCount => _accepted?.Count ?? 0;

    /// <summary>How many streams this context has open to it, or waiting.</summary>
    public int OpenedCount => (_free?.Count ?? 0) + Count(_calls) + Count(_parts);

    /// <summary>How many calls to it wait for a slot.</summary>
    public int WaitingCount => (_calls?.Waiting.Count ?? 0) + (_parts?.Waiting.Count ?? 0);

    /// <summary>How many calls of one class may be under way.</summary>
    public int Room => options.MaxOpenStreams + AcceptedCount;

    /// <summary>Whether another call of a class would have to wait, and as many wait already as may.</summary>
    public bool IsFull(StreamClass kind) =>
        kind != StreamClass.Own && WaitingCount >= options.MaxWaitingStreams && SlotsOf(kind).Holding.Count >= Room;

    /// <summary>This context opens a stream to the other one, and is about to send by it.</summary>
    public void AddOpened(MuxStream stream)
    {
        if (stream.Class == StreamClass.Own || !SlotsOf(stream.Class).TryTake(stream, Room, orWait: false))
        {
            AddFree(stream);
        }
    }

    /// <summary>Whether a stream of this context's may send its Open. One that may not waits for a slot.</summary>
    public bool MayOpen(MuxStream stream)
    {
        if (stream.HoldsSlot || stream.IsOpened)
        {
            return true;
        }

        if (stream.IsSkipped || stream.Class == StreamClass.Own)
        {
            if (stream.List != _free)
            {
                AddFree(stream); // it was given up while it waited
            }

            return true;
        }

        return SlotsOf(stream.Class).TryTake(stream, Room, orWait: true);
    }

    /// <summary>A stream of this context's is over.</summary>
    public void RemoveOpened(MuxStream stream)
    {
        stream.List?.Remove(stream);
        if (stream.HoldsSlot)
        {
            stream.HoldsSlot = false;
            SlotsOf(stream.Class).LetIn(Room);
        }
    }

    public MuxStream? FindAccepted(ulong id) => _accepted?.GetValueOrDefault(id);

    /// <summary>The other context opened a stream, which gives room for one in return.</summary>
    public void AddAccepted(MuxStream stream)
    {
        _accepted ??= Account is null ? [] : new Dictionary<ulong, MuxStream>(KeyHash.Instance);
        _accepted.Add(stream.Id, stream);
        _calls?.LetIn(Room);
        _parts?.LetIn(Room);
    }

    public void RemoveAccepted(MuxStream stream) => _ = _accepted!.Remove(stream.Id);

    /// <summary>All streams between the two; those that wait first, so that none gets a slot while others are ended.</summary>
    public List<MuxStream> All()
    {
        List<MuxStream> all = [];
        _calls?.Waiting.AddTo(all);
        _parts?.Waiting.AddTo(all);
        _calls?.Holding.AddTo(all);
        _parts?.Holding.AddTo(all);
        _free?.AddTo(all);
        all.AddRange(Accepted);
        return all;
    }

    /// <summary>The calls of a class that wait for a slot, if any do.</summary>
    /// <param name="kind">The class.</param>
    /// <param name="now">The caller's clock, in milliseconds.</param>
    public SlotWait? Look(StreamClass kind, long now) => (kind == StreamClass.Parts ? _parts : _calls)?.Look(Peer, now);

    private void AddFree(MuxStream stream) => (_free ??= new StreamList()).Add(stream);

    private static int Count(CallSlots? slots) => slots is null ? 0 : slots.Holding.Count + slots.Waiting.Count;

    private CallSlots SlotsOf(StreamClass kind) => kind == StreamClass.Parts ? _parts ??= new CallSlots() : _calls ??= new CallSlots();
}
