using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Routing;

/// <content>This context's ends of streams.</content>
internal sealed partial class Kernel
{
    private const int KeptStreams = 2048;

    private int _acceptedCount;
    private readonly Stack<int> _freeSlots = new();
    private readonly Stack<MuxStream> _pool = new();

    // A stream that this context opened has the id (generation << 32 | slot): found without hashing, never reused.
    private Slot[] _slots = new Slot[64];
    private int _usedSlots;

    /// <summary>Streams that are open at this end.</summary>
    public int StreamCount => _acceptedCount + _usedSlots - _freeSlots.Count;

    /// <summary>The streams that others opened to this context.</summary>
    public IEnumerable<MuxStream> Accepted => _known.Values.SelectMany(c => c.Streams.Accepted);

    /// <summary>Whether as many calls to a context wait for a slot as may.</summary>
    public bool IsFull(uint destination) =>
        _known.TryGetValue(destination, out KnownContext? context) && context.Streams.WaitingCount >= Options.MaxWaitingStreams;

    /// <summary>The calls of a class that wait for a slot, and which of those that have one has had it the longest.</summary>
    /// <param name="destination">Who is called.</param>
    /// <param name="kind">The class.</param>
    /// <param name="now">The caller's clock, in milliseconds.</param>
    /// <returns><see langword="null"/> when none waits.</returns>
    public SlotWait? WaitFor(uint destination, StreamClass kind, long now) =>
        _known.TryGetValue(destination, out KnownContext? context) ? context.Streams.Look(kind, now) : null;

    /// <summary>Opens a stream to this context itself, or to one above or below it.</summary>
    /// <returns>The stream; <see langword="null"/> when there is no route to the context.</returns>
    public MuxStream? Open(uint destination, IStreamHandler handler, StreamClass kind)
    {
        if (!_known.TryGetValue(destination, out KnownContext? context) || context.Link is not { IsClosed: false, Violation: null } link)
        {
            return null;
        }

        int slot = TakeSlot();
        ref Slot entry = ref _slots[slot];
        MuxStream stream = Rent();
        entry.Stream = stream;
        stream.Start(link, context.Streams, ((ulong)entry.Generation << 32) | (uint)slot, kind, handler);
        context.Streams.AddOpened(stream);
        return stream;
    }

    /// <inheritdoc/>
    public void Forget(MuxStream stream)
    {
        if (stream.IsOpener)
        {
            FreeSlot(stream);
            stream.With.RemoveOpened(stream);
        }
        else
        {
            stream.With.RemoveAccepted(stream);
            stream.Account?.Give(Resource.Streams, 1);
            _acceptedCount--;
        }

        if (!stream.IsQueued && _pool.Count < KeptStreams)
        {
            _pool.Push(stream);
        }
    }

    private MuxStream Rent() => _pool.TryPop(out MuxStream? stream) ? stream : new MuxStream(this);

    /// <summary>Why a context may not open another stream to this one; if it may, the stream is charged to it.</summary>
    private string? Refusal(KnownContext source)
    {
        if (source.Account is not { } account)
        {
            return null;
        }

        // As many again for opens that overtake the ends of others, on a way on which each stream has a turn of its own.
        if (source.Streams.AcceptedCount >= Options.MaxSourceStreams + (4 * source.Streams.OpenedCount))
        {
            return $"Context {source.Id} has {source.Streams.AcceptedCount} calls under way here; the option MaxOpenStreams ({Options.MaxOpenStreams}) allows no more.";
        }

        return account.TryTake(Resource.Streams, 1)
            ? null
            : $"As many calls from below are under way here as the option MaxLinkStreams ({Options.MaxLinkStreams}) allows, and a share of it for each branch.";
    }

    private MuxStream Accept(KnownContext source, Link link, in FrameHeader header)
    {
        MuxStream stream = Rent();
        stream.Start(link, source.Streams, header.Stream, opens: null, handler: null);
        source.Streams.AddAccepted(stream);
        _acceptedCount++;
        return stream;
    }

    private MuxStream? FindOpened(KnownContext peer, ulong id)
    {
        uint slot = (uint)id;
        return slot < (uint)_usedSlots && _slots[slot].Stream is { } stream && stream.Id == id && stream.With == peer.Streams ? stream : null;
    }

    /// <summary>Tells all streams with a context that it is gone. One whose handler fails keeps none of the others.</summary>
    private void LoseStreams(KnownContext context, DisconnectReason reason)
    {
        foreach (MuxStream stream in context.Streams.All())
        {
#pragma warning disable CA1031 // the end of a link has to reach everyone, whatever one of them does
            try
            {
                stream.Lose(reason);
            }
            catch (Exception e)
            {
                _host.OnFailure(e);
            }
#pragma warning restore CA1031
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
