using System.Buffers.Binary;

namespace Mitogen.HostileChild.Attacks;

/// <summary>Much of what is allowed, and numbers that collide.</summary>
internal static class Floods
{
    private static readonly ManualResetEventSlim s_drawn = new();

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("colliding-places", a => Colliding(a, (i, key) => a.OfGrant(key, "AnswerAsync(System.String)", []), Mark.Skip | Mark.End)),
        new("colliding-promises", a => Colliding(a, (i, key) => a.OfGrant(i, "MakeAsync()", []) with { Promise = Wire.PromiseBit | key }, Mark.None)),
        new("colliding-streams", CollidingStreams),
        new("colliding-results", _ => null, CollidingResults),
        new("data", Data),
        new("early-credit", EarlyCredit),
        new("credit-flood", CreditFlood),
        new("open-and-reset", OpenAndReset),
        new("unanswered", _ => null),
        new("untaken", Untaken, Draw),
        new("keep-alives", KeepAlives),
    ];

    // A number of 64 bits whose halves are the same has the hash 0, where nothing seeds the hash.
    private static ulong KeyOf(uint i) => ((ulong)(i + 10) << 32) | (i + 10);

    private static string? Colliding(Attacker a, Func<uint, ulong, Call> make, Mark mark)
    {
        uint to = a.Trigger!.Caller;
        for (uint i = 0; i < 30_000; i++)
        {
            ulong stream = a.Open(to, make(i, KeyOf(i)), mark);
            if ((mark & Mark.Skip) == 0)
            {
                a.Reset(to, stream);
            }
        }

        return null;
    }

    private static string? CollidingStreams(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        for (uint round = 0; round < 10; round++)
        {
            for (uint i = 0; i < 2_000; i++)
            {
                Call call = a.OfGrant((2_000 * round) + i, "AnswerAsync(System.String)", []) with { Announced = 100 };
                a.Link.Send(Kind.Open, Mark.None, to, KeyOf((2_000 * round) + i), call.Write());
            }

            for (uint i = 0; i < 2_000; i++)
            {
                a.Reset(to, KeyOf((2_000 * round) + i));
            }
        }

        return null;
    }

    private static bool CollidingResults(Attacker a, Incoming call)
    {
        if (call.Call.Method != Attacker.MethodOf("IHostile", "MapAsync()"))
        {
            return false;
        }

        const int Count = 60_000;
        Packer map = new Packer().Int(Count);
        for (uint i = 0; i < Count; i++)
        {
            _ = map.Long(KeyOf(i)).Int(1).Int(0); // as the structure lies in memory
        }

        byte[] bytes = map.ToArray();
        new Thread(() => a.Link.Reply(call, WireAnswer.Result, bytes)).Start();
        return true;
    }

    /// <summary>Complete calls, each with as much as a window holds: 68 MB that nothing asked for.</summary>
    private static string? Data(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        byte[] text = new Packer().Text(new string('x', 16_000)).ToArray();
        for (uint i = 0; i < 4_000; i++)
        {
            _ = a.Open(to, a.OfGrant(i, "AnswerAsync(System.String)", text));
        }

        return null;
    }

    /// <summary>Credit for streams of the caller's that wait for their turn to be opened.</summary>
    private static string? EarlyCredit(Attacker a)
    {
        Thread.Sleep(500); // until they are there
        for (int round = 0; round < 100; round++)
        {
            for (ulong slot = 0; slot < 3_000; slot++)
            {
                a.Link.Send(Kind.Credit, Mark.FromAcceptor, a.Trigger!.Caller, slot, [1, 0, 0, 0]);
                a.Link.Send(Kind.Credit, Mark.FromAcceptor, a.Trigger!.Caller, (1UL << 32) | slot, [1, 0, 0, 0]);
            }
        }

        return null;
    }

    /// <summary>Credit for streams that are not there, each of which has a turn of its own where it is passed on.</summary>
    private static string? CreditFlood(Attacker a)
    {
        for (ulong stream = 1_000; stream < 301_000; stream++)
        {
            foreach (uint to in a.Above)
            {
                a.Link.Send(Kind.Credit, stream % 2 == 0 ? Mark.None : Mark.FromAcceptor, to, stream, [0, 0, 1, 0]);
            }
        }

        return null;
    }

    /// <summary>Reads no more, until whoever stands in between has cut it off; there is nobody who would below the caller itself.</summary>
    private static string? Untaken(Attacker a)
    {
        s_drawn.Wait();
        Thread.Sleep(a.Above.Count > 1 ? 20_000 : 3_000);
        return null;
    }

    /// <summary>Asks for all bytes that it was given, with all the credit that there is, and takes none.</summary>
    private static bool Draw(Attacker a, Incoming call)
    {
        if (call.Call.Method != Attacker.MethodOf("IHostile", "DrawAsync(System.IO.Stream)"))
        {
            return false;
        }

        a.Link.Read(false);
        byte[] credit = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(credit, int.MaxValue - Wire.InitialWindow);
        ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(call.Call.Arguments.AsSpan(^20));
        ulong stream = a.Open(call.Caller, new Call(Wire.StreamContract, bytes, 0, Wire.StreamRead), Mark.End);
        a.Link.Send(Kind.Credit, Mark.None, call.Caller, stream, credit);
        a.Link.Flush();
        s_drawn.Set();
        return false;
    }

    private static string? OpenAndReset(Attacker a)
    {
        byte[] text = new Packer().Text("x").ToArray();
        for (uint i = 0; i < 100_000; i++)
        {
            ulong stream = a.Open(a.Trigger!.Caller, a.OfGrant(i, "AnswerAsync(System.String)", text));
            a.Reset(a.Trigger!.Caller, stream);
        }

        return null;
    }

    private static string? KeepAlives(Attacker a)
    {
        for (int i = 0; i < 500_000; i++)
        {
            a.Link.Send(Kind.KeepAlive, Mark.None, 0, 0, []);
        }

        return null;
    }
}
