using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in a running container of LXC, with <c>lxc-attach</c>.</summary>
/// <param name="Container">The container's name.</param>
public sealed record LxcConnection(string Container) : PlainConnection, IReadFromText<LxcConnection>
{
    /// <summary>The program to run: a path, or a name to look up. Default: <c>lxc-attach</c>.</summary>
    public string LxcAttachPath { get; init; } = "lxc-attach";

    static LxcConnection IReadFromText<LxcConnection>.Read(HopReader hop) => new(hop.Target("a container"));
}
