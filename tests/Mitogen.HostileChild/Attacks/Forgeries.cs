using System.Buffers.Binary;

namespace Mitogen.HostileChild.Attacks;

/// <summary>Frames in the name of others, news about others, and chains of others.</summary>
internal static class Forgeries
{
    private const int Frames = 100_000;

    // What was given, and in which chain.
    private static readonly List<(ulong Id, ulong Number, uint Context)> s_vaults = [];

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("forged-sources", ForgedSources),
        new("forged-news", ForgedNews),
        new("forged-orders", ForgedOrders),
        new("forged-chains", _ => null, ForgedChains),
        new("forged-entries", _ => null, ForgedEntries),
        new("forged-streams", ForgedStreams),
    ];

    private static string? ForgedSources(Attacker a)
    {
        uint[] names = [.. a.Others, .. a.Above, 123_456];
        for (uint i = 0; i < Frames; i++)
        {
            a.Link.Send((Kind)(1 + (i % 4)), Mark.End, a.Above[(int)(i % a.Above.Count)], i, [], names[i % names.Length]);
        }

        return null;
    }

    /// <summary>Routes that were not leased, and the end of contexts that are alive.</summary>
    private static string? ForgedNews(Attacker a)
    {
        byte[] gone = new byte[14];
        uint[] names = [.. a.Others, .. a.Above, a.Self, 123_456];
        for (uint i = 0; i < Frames; i++)
        {
            uint id = names[i % names.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(gone, id);
            a.Link.Send(Kind.ContextGone, Mark.None, 0, 0, gone);
            a.AddRoute(id, a.Self);
            a.AddRoute(500_000 + i, a.Self);
        }

        return null;
    }

    /// <summary>What only a parent may send.</summary>
    private static string? ForgedOrders(Attacker a)
    {
        foreach (uint id in a.Others.Concat(a.Above))
        {
            a.Link.Send(Kind.Goodbye, Mark.None, 0, 0, [0, 0, 0, 0]);
            a.Link.Send(Kind.Expel, Mark.None, 0, 0, new Packer().Int((int)id).Int(1).Raw("gone"u8).ToArray());
        }

        return null;
    }

    /// <summary>Ends and answers of streams that others have open.</summary>
    private static string? ForgedStreams(Attacker a)
    {
        foreach (uint above in a.Above)
        {
            for (uint i = 0; i < Frames; i++)
            {
                ulong stream = ((ulong)(i >> 8) << 32) | (i & 0xff);
                if (stream == a.Trigger!.Stream)
                {
                    continue; // the one stream that is its own to end
                }

                a.Link.Send(Kind.Reset, Mark.FromAcceptor, above, stream, [(byte)WireReset.Refused]);
                a.Link.Send(Kind.Data, Mark.FromAcceptor | Mark.End, above, stream, new byte[Wire.AnswerHeaderSize]);
            }
        }

        return null;
    }

    /// <summary>While a thread of the caller waits for another context, its chain's number is guessed from that of a call to this one.</summary>
    private static bool ForgedChains(Attacker a, Incoming call)
    {
        if (call.Call.Method != Attacker.MethodOf("IHostile", "Chain(Mitogen.HostileKit.IGrant)"))
        {
            return false;
        }

        ulong granted = BinaryPrimitives.ReadUInt64LittleEndian(call.Call.Arguments.AsSpan(^20));
        ulong place = 0;
        for (ulong number = 1; number < 200; number++)
        {
            _ = a.Open(call.Caller, new Call(Attacker.ContractOf("IGrant"), granted, place++, Attacker.MethodOf("IGrant", "MarkAsync()"))
            {
                ChainNumber = call.Call.ChainNumber < 1000 ? number : call.Call.ChainNumber - 100 + number,
                ChainContext = call.Caller,
            });
        }

        a.Link.Flush();
        return false;
    }

    /// <summary>Two calls at once into what lets one chain in: in the chain that was inside, in one of its own, in one of another's, in none.</summary>
    private static bool ForgedEntries(Attacker a, Incoming call)
    {
        if (call.Call.Method == Attacker.MethodOf("IHostile", "TakeAsync(Mitogen.HostileKit.IVault)"))
        {
            s_vaults.Add((BinaryPrimitives.ReadUInt64LittleEndian(call.Call.Arguments.AsSpan(^20)), call.Call.ChainNumber, call.Call.ChainContext));
        }
        else if (call.Call.Method == Attacker.MethodOf("IHostile", "AskAsync()"))
        {
            foreach ((ulong vault, ulong number, uint context) in s_vaults)
            {
                Enter(a, call.Caller, vault, 7, a.Self);
                Enter(a, call.Caller, vault, number, context);
                Enter(a, call.Caller, vault, 7, a.Others[0]);
                Enter(a, call.Caller, vault, 0, 0);
            }
        }

        return false;
    }

    /// <summary>Many at once, when those before them are over: whoever has to wait is let in alone.</summary>
    private static void Enter(Attacker a, uint to, ulong vault, ulong number, uint context)
    {
        for (int i = 0; i < 25; i++)
        {
            Call entry = a.Next(to, Attacker.ContractOf("IVault"), vault, Attacker.MethodOf("IVault", "MarkAsync()"), new Packer());
            _ = a.Open(to, entry with { ChainNumber = number, ChainContext = context }, Mark.End);
        }

        a.Link.Flush();
        Thread.Sleep(400);
    }
}
