using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in a running container of LXC, with <c>lxc-attach</c>.</summary>
/// <param name="Container">The container's name.</param>
public sealed record LxcConnection(string Container) : PlainConnection, IWrittenAsText<LxcConnection>
{
    /// <summary>The program to run: a path, or a name to look up. Default: <c>lxc-attach</c>.</summary>
    public string LxcAttachPath { get; init; } = "lxc-attach";

    static LxcConnection IWrittenAsText<LxcConnection>.Blank => new("");

    static LxcConnection IWrittenAsText<LxcConnection>.Map(IHopText hop, LxcConnection it, LxcConnection blank) => it with
    {
        Container = hop.Target(it.Container, "a container"),
        LxcAttachPath = hop.Without(it.LxcAttachPath, blank.LxcAttachPath),
    };
}
