using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <content>This context's ends of streams.</content>
internal sealed partial class Kernel
{
    private const int KeptStreams = 2048;

    // Per opener; one without streams is not in it.
    private readonly Dictionary<uint, Dictionary<ulong, MuxStream>> _accepted = [];
    private readonly Stack<Dictionary<ulong, MuxStream>> _emptyTables = new();
    private int _acceptedCount;
    private readonly Stack<int> _freeSlots = new();
    private readonly Stack<MuxStream> _pool = new();

    // A stream that this context opened has the id (generation << 32 | slot): found without hashing, never reused.
    private Slot[] _slots = new Slot[64];
    private int _usedSlots;

    /// <summary>Streams that are open at this end.</summary>
    public int StreamCount => _acceptedCount + _usedSlots - _freeSlots.Count;

    /// <summary>The streams that others opened to this context.</summary>
    public IEnumerable<MuxStream> Accepted => _accepted.Values.SelectMany(s => s.Values);

    /// <summary>Whether as many streams wait for a slot on the way to a context as may.</summary>
    public bool IsFull(uint destination) =>
        RouteTo(destination) is { } link && link.WaitingOpens.Count >= Options.MaxWaitingStreams;

    /// <summary>Opens a stream.</summary>
    /// <returns>The stream; <see langword="null"/> when there is no route to the context.</returns>
    public MuxStream? Open(uint destination, IStreamHandler handler)
    {
        if (RouteTo(destination) is not { IsClosed: false } link)
        {
            return null;
        }

        int slot = TakeSlot();
        ref Slot entry = ref _slots[slot];
        MuxStream stream = Rent();
        entry.Stream = stream;
        stream.Start(link, destination, ((ulong)entry.Generation << 32) | (uint)slot, isOpener: true, handler);
        return stream;
    }

    /// <inheritdoc/>
    public bool MaySend(MuxStream stream)
    {
        if (stream.IsOpened || stream.HoldsSlot || stream.IsSkipped)
        {
            return true;
        }

        LinkEnd link = stream.Link;
        if (link.OpenStreams >= Options.MaxOpenStreams)
        {
            link.WaitingOpens.Enqueue((stream, stream.Id));
            return false;
        }

        link.OpenStreams++;
        stream.HoldsSlot = true;
        return true;
    }

    /// <inheritdoc/>
    public void Forget(MuxStream stream)
    {
        if (stream.IsOpener)
        {
            FreeSlot(stream);
        }
        else
        {
            RemoveAccepted(stream);
        }

        if (!stream.IsQueued && _pool.Count < KeptStreams)
        {
            _pool.Push(stream);
        }

        if (stream.HoldsSlot)
        {
            stream.HoldsSlot = false;
            stream.Link.OpenStreams--;
            OpenNextWaiting(stream.Link);
        }
    }

    private MuxStream Rent() => _pool.TryPop(out MuxStream? stream) ? stream : new MuxStream(this);

    private void AddAccepted(MuxStream stream, Link link, in FrameHeader header, IStreamHandler? handler)
    {
        stream.Start(link, header.Source, header.Stream, isOpener: false, handler);
        if (!_accepted.TryGetValue(header.Source, out Dictionary<ulong, MuxStream>? streams))
        {
            streams = _emptyTables.TryPop(out Dictionary<ulong, MuxStream>? kept) ? kept : [];
            _accepted.Add(header.Source, streams);
        }

        streams.Add(header.Stream, stream);
        _acceptedCount++;
    }

    private void RemoveAccepted(MuxStream stream)
    {
        Dictionary<ulong, MuxStream> streams = _accepted[stream.Peer];
        _ = streams.Remove(stream.Id);
        _acceptedCount--;
        if (streams.Count == 0)
        {
            _ = _accepted.Remove(stream.Peer);
            _emptyTables.Push(streams);
        }
    }

    private int CountAccepted(uint peer) => _accepted.TryGetValue(peer, out Dictionary<ulong, MuxStream>? streams) ? streams.Count : 0;

    private MuxStream? FindAccepted(uint peer, ulong id) =>
        _accepted.TryGetValue(peer, out Dictionary<ulong, MuxStream>? streams) ? streams.GetValueOrDefault(id) : null;

    private MuxStream? FindOpened(uint peer, ulong id)
    {
        uint slot = (uint)id;
        return slot < (uint)_usedSlots && _slots[slot].Stream is { } stream && stream.Id == id && stream.Peer == peer ? stream : null;
    }

    private void OpenNextWaiting(LinkEnd link)
    {
        while (link.OpenStreams < Options.MaxOpenStreams && link.WaitingOpens.TryDequeue(out (MuxStream Stream, ulong Id) waiting))
        {
            // One that was given up meanwhile has gone on without a slot, and may be another stream by now.
            if (waiting.Stream is { IsClosed: false, IsOpened: false, HoldsSlot: false } && waiting.Stream.Id == waiting.Id)
            {
                waiting.Stream.EnqueueIfReady();
            }
        }
    }

    private void LoseStreams(Func<MuxStream, bool> isLost, DisconnectReason reason)
    {
        List<MuxStream> lost = [.. _accepted.Values.SelectMany(s => s.Values).Where(isLost)];
        for (int i = 0; i < _usedSlots; i++)
        {
            if (_slots[i].Stream is { } stream && isLost(stream))
            {
                lost.Add(stream);
            }
        }

        foreach (MuxStream stream in lost)
        {
            stream.Lose(reason);
        }
    }

    private int TakeSlot()
    {
        if (_freeSlots.TryPop(out int free))
        {
            return free;
        }

        if (_usedSlots == _slots.Length)
        {
            Array.Resize(ref _slots, _slots.Length * 2);
        }

        return _usedSlots++;
    }

    private void FreeSlot(MuxStream stream)
    {
        int slot = (int)(uint)stream.Id;
        ref Slot entry = ref _slots[slot];
        entry.Stream = null;
        entry.Generation++;
        _freeSlots.Push(slot);
    }

    private struct Slot
    {
        public MuxStream? Stream;
        public uint Generation;
    }
}
