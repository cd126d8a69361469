using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in a running instance of Incus, with <c>incus exec</c>.</summary>
/// <param name="Instance">The instance's name, with <c>remote:</c> before it if it is on another server.</param>
public sealed record IncusConnection(string Instance) : PlainConnection, IWrittenAsText<IncusConnection>
{
    /// <summary>The program to run: a path, or a name to look up. Default: <c>incus</c>.</summary>
    public string IncusPath { get; init; } = "incus";

    static IncusConnection IWrittenAsText<IncusConnection>.Blank => new("");

    static IncusConnection IWrittenAsText<IncusConnection>.Map(IHopText hop, IncusConnection it, IncusConnection blank) => it with
    {
        Instance = hop.Target(it.Instance, "an instance", mayHaveColon: true),
        IncusPath = hop.Without(it.IncusPath, blank.IncusPath),
    };
}
