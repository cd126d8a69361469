using Mitogen;

namespace Fleet;

/// <summary>One connection on the way to a target, and how the user wrote it, without its options.</summary>
internal sealed record Hop(string Text, Connection Connection);

/// <summary>A chain of connections to gather facts at.</summary>
internal sealed record Target(string Text, IReadOnlyList<Hop> Hops)
{
    /// <exception cref="UsageException">It is none; the message points at the character.</exception>
    public static Target Parse(string text)
    {
        try
        {
            // A plus sign within a connection is written %2B.
            return new Target(text, [.. ConnectionString.Parse(text).Zip(text.Split('+'), (connection, part) => new Hop(part.Split('?')[0], connection))]);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    /// <summary>The target with what the options say for all of them.</summary>
    public Target With(string? identity, Secret? password) =>
        this with { Hops = [.. Hops.Select(hop => hop with { Connection = With(hop.Connection, identity, password) })] };

    private static Connection With(Connection connection, string? identity, Secret? password) => connection switch
    {
        SshConnection ssh => ssh with { IdentityFile = ssh.IdentityFile ?? identity, Password = password },
        SudoConnection sudo => sudo with { Password = password },
        _ => connection,
    };
}
