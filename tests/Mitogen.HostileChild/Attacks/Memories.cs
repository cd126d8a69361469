namespace Mitogen.HostileChild.Attacks;

/// <summary>Memory: what is announced, what is begun, what nobody asked for.</summary>
internal static class Memories
{
    private const int Large = 100_000_000;

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("announced", Announced),
        new("begun", Begun),
        new("sources", Sources),
        new("streams", Streams),
        new("arguments", Arguments),
        new("result-of-nothing", _ => null, ResultOfNothing),
        new("assemblies", Assemblies),
        new("log-arguments", LogArguments),
    ];

    /// <summary>Much is announced, and little comes.</summary>
    private static string? Announced(Attacker a)
    {
        for (uint i = 0; i < 2_000; i++)
        {
            _ = a.Open(a.Trigger!.Caller, a.OfGrant(i, "AnswerAsync(System.String)", new byte[40]) with { Announced = 1 << 20 });
        }

        return null;
    }

    /// <summary>As much comes as each window allows, and never the rest.</summary>
    private static string? Begun(Attacker a)
    {
        for (uint i = 0; i < 4_000; i++)
        {
            _ = a.Open(a.Trigger!.Caller, a.OfGrant(i, "AnswerAsync(System.String)", new byte[16_000]) with { Announced = 1 << 20 });
        }

        return null;
    }

    /// <summary>Sources are free: each leased id has as many streams as one context may.</summary>
    private static string? Sources(Attacker a)
    {
        for (int blocks = 0; blocks < 2 && a.Lease() is var (first, count); blocks++)
        {
            for (uint id = first; id < first + count; id++)
            {
                a.AddRoute(id, a.Self);
                foreach (uint above in a.Above)
                {
                    for (uint i = 0; i < 300; i++)
                    {
                        _ = a.Open(above, new Call(Wire.ParentContext, 0, i, Wire.FindAssembly) { Announced = 1 << 20 }, source: id);
                    }
                }
            }
        }

        return null;
    }

    private static string? Streams(Attacker a)
    {
        for (uint i = 0; i < 30_000; i++)
        {
            _ = a.Open(a.Trigger!.Caller, a.OfGrant(i, "AnswerAsync(System.String)", []) with { Announced = 1000 });
        }

        return null;
    }

    /// <summary>Arguments of the largest kind, sent as credit comes.</summary>
    private static string? Arguments(Attacker a)
    {
        a.Link.SendMessage(
            Kind.Open, Mark.None, a.Trigger!.Caller, a.NextStream(), a.OfGrant(0, "AnswerAsync(System.String)", new byte[Large]).Write());
        return null;
    }

    private static string? LogArguments(Attacker a)
    {
        a.Link.SendMessage(
            Kind.Open, Mark.None, Wire.Root, a.NextStream(), a.Next(Wire.Root, Wire.LogSink, 0, Wire.WriteLog, new Packer().Raw(new byte[Large])).Write());
        return null;
    }

    /// <summary>A method that returns nothing is answered with a result.</summary>
    private static bool ResultOfNothing(Attacker a, Incoming call)
    {
        if (call.Call.Method != Attacker.MethodOf("IHostile", "PingAsync()"))
        {
            return false;
        }

        new Thread(() => a.Link.Reply(call, WireAnswer.Result, new byte[Large])).Start();
        return true;
    }

    /// <summary>Answers that are asked for and never read.</summary>
    private static string? Assemblies(Attacker a)
    {
        a.Link.Grants = false;
        if (a.Assemblies.Count == 0)
        {
            throw new InvalidOperationException("The welcome names no assemblies: this context is to be started isolated.");
        }

        for (uint i = 0; i < 1_500; i++)
        {
            foreach (string name in a.Assemblies.Where(n => n is "Mitogen.Runtime" or "MemoryPack.Core" or "Mitogen.HostileKit").DefaultIfEmpty(a.Assemblies[0]))
            {
                _ = a.Open(a.Parent, a.Next(a.Parent, Wire.ParentContext, 0, Wire.FindAssembly, new Packer().Text(name)), Mark.End);
            }
        }

        return null;
    }
}
