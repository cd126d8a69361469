using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context as a subprocess on the machine of the context that starts it, with the managed agent.</summary>
public sealed record LocalConnection : PlainConnection, IWrittenAsText<LocalConnection>
{
    /// <summary>
    /// Whether the new context starts from an empty folder with the runtime library alone and imports every assembly of the
    /// application over the link, as on another machine. By default it starts from the application's own folder.
    /// </summary>
    public bool Isolated { get; init; }

    static LocalConnection IWrittenAsText<LocalConnection>.Blank => new();

    static LocalConnection IWrittenAsText<LocalConnection>.Map(IHopText hop, LocalConnection it, LocalConnection blank) => it with { Isolated = hop.Flag("isolated", it.Isolated) };
}
