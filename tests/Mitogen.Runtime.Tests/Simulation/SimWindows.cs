using System.Buffers.Binary;
using System.Reflection;
using Mitogen.Framing;
using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// What one context let others send, counted from outside: its first window and the credit that left it, against the bytes that its
/// handlers were given.
/// </summary>
internal sealed class SimWindows(SimWorld world, uint self, KernelOptions options)
{
    private static readonly FieldInfo s_control = typeof(LinkSender).GetField("_control", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Dictionary<Key, Entry> _entries = [];

    /// <summary>A stream begins whose bytes this context takes.</summary>
    public void Begin(MuxStream stream) => _entries[KeyOf(stream)] = new Entry(stream);

    public void End(MuxStream stream) => _ = _entries.Remove(KeyOf(stream));

    /// <summary>A handler was given bytes.</summary>
    public void Took(MuxStream stream, int count)
    {
        if (world.Tree.IsTainted(self))
        {
            return;
        }

        Entry entry = _entries[KeyOf(stream)];
        entry.Taken += count;
        long granted = options.InitialWindow + entry.Granted;
        if (entry.Taken > granted)
        {
            // A hostile one need not wait for the credit: what is on its way counts.
            granted += Queued(stream);
        }

        world.Check(
            entry.Taken <= granted, $"context {self} took {entry.Taken} bytes of stream {stream.Id} of {stream.Peer} and had granted {granted}");
        CheckOne(entry);
    }

    /// <summary>A frame of credit left the context.</summary>
    public void Granted(uint peer, ulong stream, bool asAcceptor, int count)
    {
        if (_entries.TryGetValue(new Key(peer, stream, asAcceptor), out Entry? entry))
        {
            entry.Granted += count;
            CheckOne(entry);
        }
    }

    /// <summary>All that is granted on a link together stays within its bound.</summary>
    public void CheckLinks()
    {
        foreach (IGrouping<LinkEnd, Entry> link in _entries.Values.Where(e => !world.Tree.IsTainted(e.Peer)).GroupBy(e => e.Link))
        {
            long extra = link.Sum(e => Math.Max(0, e.Granted - e.Taken));
            world.Check(extra <= options.MaxLinkCredit, $"context {self} let others send {extra} bytes more on one link than their first windows");
        }
    }

    private void CheckOne(Entry entry)
    {
        // A hostile one may use a number twice, and then get what was granted to the stream before.
        if (world.Tree.IsTainted(entry.Peer) || entry.Stream.IsClosed)
        {
            return;
        }

        long open = options.InitialWindow + entry.Granted - entry.Taken;
        world.Check(
            open <= entry.Stream.Window && open <= Math.Max(options.InitialWindow, options.BulkWindow),
            $"context {self} lets {entry.Peer} send {open} bytes more on stream {entry.Stream.Id}, whose window has {entry.Stream.Window}");
    }

    /// <summary>Credit for a stream that waits in its link's sender.</summary>
    private static long Queued(MuxStream stream)
    {
        ReadOnlySpan<byte> waiting = ((byte[])s_control.GetValue(stream.Link.Sender)!).AsSpan(0, stream.Link.Sender.ControlBytes);
        FrameReader reader = new();
        long queued = 0;
        while (reader.TryRead(ref waiting, out FrameHeader header, out ReadOnlySpan<byte> body))
        {
            if (header.Kind == FrameKind.Credit && (header.Destination, header.Stream, header.IsFromAcceptor) == (stream.Peer, stream.Id, !stream.IsOpener))
            {
                queued += BinaryPrimitives.ReadInt32LittleEndian(body);
            }
        }

        return queued;
    }

    private static Key KeyOf(MuxStream stream) => new(stream.Peer, stream.Id, !stream.IsOpener);

    private readonly record struct Key(uint Peer, ulong Stream, bool AsAcceptor);

    private sealed class Entry(MuxStream stream)
    {
        public MuxStream Stream { get; } = stream;

        // The stream itself is used again when it is over.
        public uint Peer { get; } = stream.Peer;

        public LinkEnd Link { get; } = stream.Link;

        public long Taken { get; set; }

        public long Granted { get; set; }
    }
}
