using System.Buffers.Binary;
using Mitogen.Calls;
using Mitogen.Framing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// What a hostile context does: it follows the protocol, and on the link to its parent it adds, changes and repeats frames of every kind,
/// in every name.
/// </summary>
/// <param name="random">The world's.</param>
/// <param name="tree">Who there is.</param>
/// <param name="self">The context's id.</param>
/// <param name="ghosts">Ids that were leased to it, which no context has.</param>
internal sealed class SimHostile(Random random, SimTree tree, uint self, uint[] ghosts)
{
    private const int MostRemembered = 64;
    private const uint Nobody = 777_777;

    private readonly List<(FrameHeader Header, byte[] Body)> _seen = [];
    private ulong _nextStream = 1UL << 40;
    private ulong _sequence = 1;

    /// <summary>Whether it has stopped: it follows the protocol from now on.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>How many frames it made up.</summary>
    public int Made { get; private set; }

    /// <summary>A frame passes it, up or down: it knows the numbers of streams, and can send it again.</summary>
    public void See(in FrameHeader header, byte[] body)
    {
        if (_seen.Count == MostRemembered)
        {
            _seen.RemoveAt(random.Next(MostRemembered));
        }

        _seen.Add((header, body));
    }

    /// <summary>What it sends instead of what it would have to.</summary>
    public List<(FrameHeader Header, byte[] Body)> Mix(List<(FrameHeader Header, byte[] Body)> batch)
    {
        List<(FrameHeader, byte[])> mixed = [];
        foreach ((FrameHeader header, byte[] body) in batch)
        {
            See(header, body);
            mixed.Add(random.Next(20) == 0 ? Change(header, body) : (header, body));
            if (random.Next(8) == 0)
            {
                mixed.AddRange(Attack());
            }
        }

        return mixed;
    }

    /// <summary>Some frames of one kind of attack.</summary>
    public List<(FrameHeader Header, byte[] Body)> Attack()
    {
        List<(FrameHeader Header, byte[] Body)> frames = [];
        int count = random.Next(4) == 0 ? random.Next(1, 40) : random.Next(1, 4);
        int kind = random.Next(100);
        for (int i = 0; i < count; i++)
        {
            frames.Add(kind switch
            {
                < 8 => Repeat(),
                < 20 => Repeat() is var (header, body) ? Change(header, body) : default,
                < 32 => Open(FrameFlags.None),
                < 42 => Open(FrameFlags.End),
                < 52 => Open(FrameFlags.End | FrameFlags.Skip),
                < 62 => Credit(),
                < 72 => Data(),
                < 80 => Answer(),
                < 88 => Forged(),
                < 98 => random.Next(3) == 0 ? Control() : OfStream(FrameKind.Reset, [(byte)random.Next(12)]),
                _ => random.Next(4) == 0 ? NoFrame() : Control(),
            });
        }

        Made += count;
        return frames;
    }

    private (FrameHeader Header, byte[] Body) Repeat() => _seen.Count == 0 ? Open(FrameFlags.None) : _seen[random.Next(_seen.Count)];

    private (FrameHeader Header, byte[] Body) Change(in FrameHeader h, byte[] body)
    {
        byte[] p = [.. body];
        (FrameKind kind, FrameFlags flags, uint destination, uint source, ulong stream) = (h.Kind, h.Flags, h.Destination, h.Source, h.Stream);
        switch (random.Next(7))
        {
            case 0:
                destination = destination == 0 ? 0 : Anyone();
                break;
            case 1:
                source = Anyone();
                break;
            case 2:
                stream += (ulong)random.Next(-2, 3);
                break;
            case 3:
                flags ^= (FrameFlags)(1 << random.Next(4));
                break;
            case 4 when destination != 0:
                kind = (FrameKind)random.Next(1, 5);
                break;
            case 5 when p.Length > 0 && destination != 0:
                p = p[..random.Next(p.Length)];
                break;
            default:
                if (p.Length > 0)
                {
                    p[random.Next(Math.Min(p.Length, 80))] ^= (byte)(1 << random.Next(8));
                }

                break;
        }

        return (new FrameHeader(p.Length, kind, flags, destination, source, stream), p);
    }

    /// <summary>A call: whole or not, in its place or far ahead of it, on what it may call and what not, to whoever there is.</summary>
    private (FrameHeader Header, byte[] Body) Open(FrameFlags flags)
    {
        int length = random.Next(5) == 0 ? random.Next(900) : random.Next(60);
        byte[] body = new byte[random.Next(12) == 0 ? random.Next(CallHeader.Size) : CallHeader.Size + length];
        if (body.Length >= CallHeader.Size)
        {
            _sequence += (ulong)random.Next(4);
            uint announced = random.Next(4) switch { 0 => (uint)random.Next(40_000), 1 => uint.MaxValue, _ => (uint)length };
            ulong sequence = random.Next(12) == 0 ? (ulong)random.NextInt64() : _sequence;
            new CallHeader((ulong)random.Next(3), 0, sequence, new ChainId(Anyone(), 1), Anyone(), (uint)random.Next(200), announced, 0).Write(body);
        }

        ulong stream = random.Next(8) == 0 ? Stream() : ++_nextStream;
        return (new FrameHeader(body.Length, FrameKind.Open, flags, Above(), OfItsOwn(), stream), body);
    }

    private (FrameHeader Header, byte[] Body) Credit() => OfStream(FrameKind.Credit, random.Next(6) switch
    {
        0 => BitConverter.GetBytes(0),
        1 => BitConverter.GetBytes(-1),
        2 => BitConverter.GetBytes(int.MaxValue),
        3 => new byte[random.Next(12)],
        _ => BitConverter.GetBytes(random.Next(1, 100_000)),
    });

    /// <summary>Data for a stream that it knows of: as much as it likes, and after the end.</summary>
    private (FrameHeader Header, byte[] Body) Data() => OfStream(FrameKind.Data, new byte[random.Next(3) == 0 ? random.Next(20_000) : random.Next(600)]);

    /// <summary>A piece of an answer to any stream that another context may have opened, to it or to others.</summary>
    private (FrameHeader Header, byte[] Body) Answer()
    {
        byte[] body = new byte[AnswerHeader.Size + random.Next(100)];
        new AnswerHeader(AnswerKind.Result, 0, (uint)(body.Length - AnswerHeader.Size)).Write(body);
        ulong stream = ((ulong)random.Next(4) << 32) | (uint)random.Next(6);
        FrameFlags flags = FrameFlags.FromAcceptor | (random.Next(2) == 0 ? FrameFlags.End : FrameFlags.None);
        return (new FrameHeader(body.Length, FrameKind.Data, flags, Above(), OfItsOwn(), stream), body);
    }

    /// <summary>Anything in the name of anyone, for anyone.</summary>
    private (FrameHeader Header, byte[] Body) Forged()
    {
        (FrameHeader h, byte[] body) = random.Next(4) switch
        {
            0 => Open(random.Next(2) == 0 ? FrameFlags.End : FrameFlags.End | FrameFlags.Skip),
            1 => Answer(),
            2 => Credit(),
            _ => Data(),
        };
        FrameKind kind = random.Next(10) == 0 ? (FrameKind)random.Next(5, 256) : h.Kind;
        return (new FrameHeader(h.Length, kind, h.Flags, Anyone(), Anyone(), h.Stream), body);
    }

    private (FrameHeader Header, byte[] Body) Control()
    {
        byte[] body = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(body, random.Next(2) == 0 ? ghosts[random.Next(ghosts.Length)] : Anyone());
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(4), random.Next(2) == 0 ? OfItsOwn() : Anyone());
        FrameKind kind = random.Next(12) switch
        {
            < 6 => FrameKind.RouteAdded,
            < 9 => FrameKind.ContextGone,
            9 => FrameKind.KeepAlive,
            10 => (FrameKind)random.Next(10, 256),
            _ => random.Next(3) == 0 ? FrameKind.Expel : FrameKind.Goodbye,
        };
        if (kind == FrameKind.ContextGone)
        {
            Array.Resize(ref body, 12); // no message and no lines
            body.AsSpan(4).Clear();
        }
        else if (kind == FrameKind.Goodbye)
        {
            body = body[..4];
        }

        // Of a wrong length: the link ends.
        body = random.Next(40) == 0 ? body[..random.Next(4)] : body;
        return (new FrameHeader(body.Length, kind, FrameFlags.None, 0, random.Next(4) == 0 ? Anyone() : self, 0), body);
    }

    /// <summary>Its header announces another length than follows: what comes behind it makes no sense.</summary>
    private (FrameHeader Header, byte[] Body) NoFrame() =>
        (new FrameHeader(random.Next(FrameHeader.MaxBody + 100), FrameKind.Data, FrameFlags.None, Above(), self, 1), new byte[random.Next(50)]);

    private (FrameHeader Header, byte[] Body) OfStream(FrameKind kind, byte[] body)
    {
        FrameFlags flags = (random.Next(2) == 0 ? FrameFlags.FromAcceptor : FrameFlags.None) | (random.Next(5) == 0 ? FrameFlags.End : FrameFlags.None);
        if (_seen.Count > 0 && random.Next(4) > 0 && _seen[random.Next(_seen.Count)].Header is { Destination: not 0 } seen)
        {
            // From the one of the two ends that is here.
            bool isUp = tree.IsAbove(seen.Destination, seen.Source);
            FrameFlags side = isUp == seen.IsFromAcceptor ? FrameFlags.FromAcceptor : FrameFlags.None;
            return (new FrameHeader(
                body.Length,
                kind,
                (flags & ~FrameFlags.FromAcceptor) | side,
                isUp ? seen.Destination : seen.Source,
                isUp ? seen.Source : seen.Destination,
                seen.Stream), body);
        }

        return (new FrameHeader(body.Length, kind, flags, Above(), OfItsOwn(), Stream()), body);
    }

    private ulong Stream() => random.Next(3) == 0 ? (uint)random.Next(8) : _nextStream - (ulong)random.Next(6);

    /// <summary>Mostly itself; else one that is below it, or says it is.</summary>
    private uint OfItsOwn()
    {
        if (random.Next(3) > 0)
        {
            return self;
        }

        uint any = Anyone();
        return tree.IsAbove(self, any) ? any : ghosts[random.Next(ghosts.Length)];
    }

    /// <summary>Mostly one that it may send to.</summary>
    private uint Above()
    {
        uint[] line = [.. tree.Line(self).Skip(1)];
        return random.Next(15) == 0 ? Anyone() : line[random.Next(line.Length)];
    }

    private uint Anyone() => random.Next(10) == 0 ? Nobody : tree.Ids[random.Next(tree.Ids.Count)];
}
