using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in a running instance of Incus, with <c>incus exec</c>.</summary>
/// <param name="Instance">The instance's name, with <c>remote:</c> before it if it is on another server.</param>
public sealed record IncusConnection(string Instance) : PlainConnection, IReadFromText<IncusConnection>
{
    /// <summary>The program to run: a path, or a name to look up. Default: <c>incus</c>.</summary>
    public string IncusPath { get; init; } = "incus";

    static IncusConnection IReadFromText<IncusConnection>.Read(HopReader hop) => new(hop.Target("an instance", mayHaveColon: true));
}
