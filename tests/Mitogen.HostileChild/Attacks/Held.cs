namespace Mitogen.HostileChild.Attacks;

/// <summary>Calls that wait: for a promise, for a place in the order, for a thread.</summary>
internal static class Held
{
    private const int LargeArgument = 16_000;

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("promise-chain", PromiseChain),
        new("promise-held", PromiseHeld),
        new("promise-many", PromiseMany),
        new("parked", Parked),
        new("skips", Skips),
        new("gates", Gates),
        new("blocking", Blocking),
    ];

    /// <summary>Each promise hangs on the one before it, and then the first one fails.</summary>
    private static string? PromiseChain(Attacker a)
    {
        foreach (uint above in a.Above)
        {
            _ = a.Open(above, new Call(Wire.StreamContract, 0, 0, Wire.StreamWrite), Mark.Skip | Mark.End);
            ulong first = a.Open(above, new Call(Wire.StreamContract, 0, 0, Wire.StreamWrite) { Promise = Wire.PromiseBit | 1, Announced = 1000 });
            for (ulong i = 1; i <= 60_000; i++)
            {
                ulong stream = a.Open(above, new Call(Wire.StreamContract, 0, 0, Wire.StreamWrite)
                {
                    Promise = Wire.PromiseBit | (i + 1),
                    Arguments = new Packer().Int(1).References(((byte)1, Wire.PromiseBit | i, Wire.StreamContract)).ToArray(),
                });
                a.Reset(above, stream);
            }

            a.Reset(above, first);
        }

        return null;
    }

    /// <summary>Calls on an object that never comes, given up at once.</summary>
    private static string? PromiseHeld(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        Call promise = a.OfGrant(0, "MakeAsync()", []) with { Promise = Wire.PromiseBit | 1, Announced = 1000 };
        _ = a.Open(to, promise);
        for (uint i = 0; i < 16_000; i++)
        {
            ulong stream = a.Open(to, new Call(Attacker.ContractOf("IGrant"), Wire.PromiseBit | 1, i, promise.Method) { Arguments = new byte[LargeArgument] });
            a.Reset(to, stream);
        }

        return null;
    }

    private static string? PromiseMany(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        for (uint i = 0; i < 80_000; i++)
        {
            ulong stream = a.Open(to, a.OfGrant(i, "MakeAsync()", []) with { Promise = Wire.PromiseBit | (i + 1), Announced = 1000 });
            a.Reset(to, stream);
        }

        return null;
    }

    /// <summary>Calls far behind the next one in the order, given up at once with all their arguments.</summary>
    private static string? Parked(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        for (uint i = 0; i < 16_000; i++)
        {
            ulong stream = a.Open(to, a.OfGrant(10 + (2 * i), "AnswerAsync(System.String)", new byte[LargeArgument]));
            a.Reset(to, stream);
        }

        return null;
    }

    /// <summary>Places in the order of one object that leave gaps.</summary>
    private static string? Skips(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        for (uint i = 0; i < 150_000; i++)
        {
            _ = a.Open(to, a.OfGrant(10 + (2 * i), "AnswerAsync(System.String)", []), Mark.Skip | Mark.End);
        }

        return null;
    }

    /// <summary>Places in the orders of contracts that nobody has.</summary>
    private static string? Gates(Attacker a)
    {
        foreach (uint above in a.Above)
        {
            for (uint i = 0; i < 20_000; i++)
            {
                for (uint place = 1; place < 30; place++)
                {
                    _ = a.Open(above, new Call(1000 + i, 0, 2 * place, 7), Mark.Skip | Mark.End);
                }
            }
        }

        return null;
    }

    /// <summary>A method that blocks its thread, called and given up.</summary>
    private static string? Blocking(Attacker a)
    {
        uint to = a.Trigger!.Caller;
        for (uint i = 0; i < 2_000; i++)
        {
            ulong stream = a.Open(to, a.OfGrant(i, "Block()", []));
            a.Reset(to, stream);
        }

        return null;
    }
}
