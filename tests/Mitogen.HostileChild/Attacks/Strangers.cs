namespace Mitogen.HostileChild.Attacks;

/// <summary>Frames for contexts that gave nothing: beside this one, above its parent, or nowhere.</summary>
internal static class Strangers
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("sibling-opens", a => Opens(a, a.Others)),
        new("sibling-skips", a => Skips(a, a.Others)),
        new("sibling-refusals", a => Deaf(a, a.Others)),
        new("ancestor-opens", a => Opens(a, a.Above)),
        new("ancestor-skips", a => Skips(a, a.Above)),
        new("ancestor-refusals", a => Deaf(a, a.Above)),
        new("nowhere", Nowhere),
        new("credit-of-strangers", CreditOfStrangers),
    ];

    /// <summary>More incomplete calls than one context may have open.</summary>
    private static string? Opens(Attacker a, IReadOnlyList<uint> targets)
    {
        foreach (uint target in targets)
        {
            for (uint i = 0; i < 5_000; i++)
            {
                _ = a.Open(target, new Call(Attacker.ContractOf("IKeeper"), 0, i, Attacker.MethodOf("IKeeper", "PingAsync()")) { Announced = 1000 });
            }
        }

        return null;
    }

    private static string? Skips(Attacker a, IReadOnlyList<uint> targets)
    {
        foreach (uint target in targets)
        {
            for (uint i = 0; i < 102_049; i++)
            {
                _ = a.Open(target, new Call(Attacker.ContractOf("IKeeper"), 0, 10 + (2 * i), 7), Mark.Skip | Mark.End);
            }
        }

        return null;
    }

    /// <summary>What is refused is never read, so that the refusals pile up somewhere.</summary>
    private static string? Deaf(Attacker a, IReadOnlyList<uint> targets)
    {
        a.Link.Read(false);
        foreach (uint target in targets)
        {
            for (uint i = 0; i < 100_000; i++)
            {
                _ = a.Open(target, new Call(77, 0, i, 7), Mark.End);
            }
        }

        a.Link.Flush();
        return null;
    }

    private static string? Nowhere(Attacker a)
    {
        for (uint i = 0; i < 200_000; i++)
        {
            _ = a.Open(3_000_000 + i, new Call(77, 0, 0, 7), Mark.End);
        }

        return null;
    }

    /// <summary>Credit costs nothing, and each stream would have a place of its own in every context on the way.</summary>
    private static string? CreditOfStrangers(Attacker a)
    {
        foreach (uint target in a.Others.Concat(a.Above))
        {
            for (uint i = 0; i < 150_000; i++)
            {
                a.Link.Send(Kind.Credit, Mark.FromAcceptor, target, 1_000_000 + i, [1, 0, 0, 0]);
            }
        }

        return null;
    }
}
