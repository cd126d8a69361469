using System.Buffers.Binary;

namespace Mitogen.HostileChild.Attacks;

/// <summary>Bytes that are no frames, and frames that break the rules of streams.</summary>
internal static class Breaches
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("garbage", Garbage),
        new("long-frame", LongFrame),
        new("cut-frame", CutFrame),
        new("beyond-window", BeyondWindow),
        new("after-end", AfterEnd),
        new("negative-credit", NegativeCredit),
        new("unknown-kinds", UnknownKinds),
        new("short-controls", ShortControls),
        new("silent-link", SilentLink),
    ];

    private static string? Garbage(Attacker a)
    {
        byte[] noise = new byte[1_000_000];
        new Random(1).NextBytes(noise);
        a.Link.SendRaw(noise);
        return null;
    }

    private static string? LongFrame(Attacker a)
    {
        byte[] header = new byte[Wire.HeaderSize];
        new Header(int.MaxValue, Kind.Data, Mark.None, a.Parent, a.Self, 1).Write(header);
        a.Link.SendRaw(header);
        return null;
    }

    /// <summary>Half of a frame, and then the end of the link.</summary>
    private static string? CutFrame(Attacker a)
    {
        byte[] header = new byte[Wire.HeaderSize];
        new Header(1000, Kind.Data, Mark.None, a.Parent, a.Self, 1).Write(header);
        a.Link.SendRaw(header);
        Environment.Exit(0);
        return null;
    }

    private static string? BeyondWindow(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        for (uint i = 0; i < 200; i++)
        {
            ulong stream = a.Open(to, a.OfGrant(i, "AnswerAsync(System.String)", []) with { Announced = 1 << 24 });
            for (int piece = 0; piece < 10; piece++)
            {
                a.Link.Send(Kind.Data, Mark.None, to, stream, new byte[Wire.MaxBody]);
            }
        }

        return null;
    }

    private static string? AfterEnd(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        for (uint i = 0; i < 2_000; i++)
        {
            ulong stream = a.Open(to, a.OfGrant(i, "AnswerAsync(System.String)", []), Mark.End);
            a.Link.Send(Kind.Data, Mark.End, to, stream, new byte[100]);
            a.Link.Send(Kind.Open, Mark.None, to, stream, a.OfGrant(i, "AnswerAsync(System.String)", []).Write());
        }

        return null;
    }

    private static string? NegativeCredit(Attacker a)
    {
        byte[] credit = new byte[4];
        foreach (int amount in (int[])[0, -1, int.MinValue, int.MaxValue, int.MaxValue])
        {
            BinaryPrimitives.WriteInt32LittleEndian(credit, amount);
            for (uint i = 0; i < 1_000; i++)
            {
                ulong stream = a.Open(a.Trigger!.Caller, a.OfGrant(i, "AnswerAsync(System.String)", []) with { Announced = 100 });
                a.Link.Send(Kind.Credit, Mark.None, a.Trigger!.Caller, stream, credit);
            }
        }

        return null;
    }

    private static string? UnknownKinds(Attacker a)
    {
        for (uint i = 0; i < 100_000; i++)
        {
            a.Link.Send((Kind)(20 + (i % 200)), (Mark)0xf8, i % 3 == 0 ? 0 : a.Above[(int)(i % a.Above.Count)], i, [1, 2, 3]);
        }

        return null;
    }

    private static string? ShortControls(Attacker a)
    {
        a.Link.Send(Kind.RouteAdded, Mark.None, 0, 0, [1]);
        return null;
    }

    /// <summary>Reads nothing more, while it is called and its answers are waited for.</summary>
    private static string? SilentLink(Attacker a)
    {
        a.Link.Read(false);
        Thread.Sleep(2_000);
        return null;
    }
}
