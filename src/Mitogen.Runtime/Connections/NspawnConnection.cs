using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in a running machine of systemd-nspawn: in the namespaces of the leader that <c>machinectl</c> names,
/// with <c>nsenter</c>.</summary>
/// <param name="Machine">The machine's name.</param>
public sealed record NspawnConnection(string Machine) : PlainConnection, IWrittenAsText<NspawnConnection>
{
    /// <summary>The program that tells the leader: a path, or a name to look up. Default: <c>machinectl</c>.</summary>
    public string MachinectlPath { get; init; } = "machinectl";

    /// <summary>The program that enters its namespaces: a path, or a name to look up. Default: <c>nsenter</c>.</summary>
    public string NsenterPath { get; init; } = "nsenter";

    static NspawnConnection IWrittenAsText<NspawnConnection>.Blank => new("");

    static NspawnConnection IWrittenAsText<NspawnConnection>.Map(IHopText hop, NspawnConnection it, NspawnConnection blank) => it with
    {
        Machine = hop.Target(it.Machine, "a machine"),
        MachinectlPath = hop.Without(it.MachinectlPath, blank.MachinectlPath),
        NsenterPath = hop.Without(it.NsenterPath, blank.NsenterPath),
    };
}
