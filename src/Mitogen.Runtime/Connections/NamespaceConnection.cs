using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in all namespaces of a process on the same machine, with <c>nsenter</c>.</summary>
/// <param name="LeaderId">The process's id.</param>
public sealed record NamespaceConnection(int LeaderId) : PlainConnection, IWrittenAsText<NamespaceConnection>
{
    /// <summary>The program to run: a path, or a name to look up. Default: <c>nsenter</c>.</summary>
    public string NsenterPath { get; init; } = "nsenter";

    static NamespaceConnection IWrittenAsText<NamespaceConnection>.Blank => new(0);

    static NamespaceConnection IWrittenAsText<NamespaceConnection>.Map(IHopText hop, NamespaceConnection it, NamespaceConnection blank) => it with
    {
        LeaderId = hop.TargetNumber(it.LeaderId, "the number of a process"),
        NsenterPath = hop.Without(it.NsenterPath, blank.NsenterPath),
    };
}
