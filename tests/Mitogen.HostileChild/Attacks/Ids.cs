namespace Mitogen.HostileChild.Attacks;

/// <summary>Ids and routes.</summary>
internal static class Ids
{
    public static IReadOnlyList<Attack> All { get; } = [new("leases", Leases), new("routes", Routes)];

    /// <summary>All ids that there are for one child, as fast as they come.</summary>
    private static string? Leases(Attacker a)
    {
        uint taken = 0;
        for (int i = 0; i < 1_200 && a.Lease() is var (_, count); i++)
        {
            taken += count;
        }

        return $"{taken} ids";
    }

    /// <summary>A deep line of contexts that are not there, and their ends, over and over.</summary>
    private static string? Routes(Attacker a)
    {
        for (int blocks = 0; blocks < 40 && a.Lease() is var (first, count); blocks++)
        {
            uint above = a.Self;
            for (uint id = first; id < first + count; id++)
            {
                a.AddRoute(id, above);
                a.AddRoute(id, above);
                above = id;
                foreach (uint ancestor in a.Above)
                {
                    _ = a.Open(ancestor, new Call(77, 0, 0, 7), Mark.End, id);
                }
            }

            for (uint id = first + count - 1; id >= first; id--)
            {
                byte[] gone = new byte[14];
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(gone, id);
                a.Link.Send(Kind.ContextGone, Mark.None, 0, 0, gone);
            }
        }

        return null;
    }
}
