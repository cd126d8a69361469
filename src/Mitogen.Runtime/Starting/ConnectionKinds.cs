using Mitogen.Connections;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>All kinds of connections that any context can start: each is a record, a tool and a row here.</summary>
internal static class ConnectionKinds
{
    private static readonly ConnectionKind[] s_all =
    [
        new ConnectionKind<LocalConnection>("local"),
        new ConnectionKind<SshConnection>("ssh", static (ssh, _) => SshTool.For(ssh)),
        new ConnectionKind<SudoConnection>("sudo", static (sudo, marker) => new SudoTool(sudo, marker)),
        new ConnectionKind<SuConnection>("su", static (su, marker) => new SuTool(su, marker)),
        new ConnectionKind<DoasConnection>("doas", static (doas, _) => new DoasTool(doas)),
        new ConnectionKind<DockerConnection>("docker", static (docker, _) => ContainerTool.For(docker)),
        new ConnectionKind<PodmanConnection>("podman", static (podman, _) => ContainerTool.For(podman)),
        new ConnectionKind<KubernetesConnection>("k8s", static (pod, _) => ContainerTool.For(pod)),
        new ConnectionKind<LxcConnection>("lxc", static (lxc, _) => ContainerTool.For(lxc)),
        new ConnectionKind<IncusConnection>("incus", static (incus, _) => ContainerTool.For(incus)),
        new ConnectionKind<NspawnConnection>("nspawn", static (nspawn, _) => ContainerTool.For(nspawn)),
        new ConnectionKind<ExecConnection>("exec", static (exec, _) => new ExecTool(exec)),
        new ConnectionKind<NamespaceConnection>("ns", static (leader, _) => ContainerTool.For(leader)),
    ];

    /// <summary>All of them, in the order in which messages list them.</summary>
    public static IReadOnlyList<ConnectionKind> All => s_all;

    /// <param name="connection">The connection.</param>
    /// <param name="marker">The text by which this start's prompts are known.</param>
    /// <returns>Its tool; <see langword="null"/> if it needs none.</returns>
    public static Tool? FindTool(Connection connection, string marker) =>
        connection is PlainConnection plain ? KindOf(plain)?.CreateTool(plain, marker) : null;

    /// <exception cref="FormatException">It is no connection.</exception>
    public static Connection Read(HopReader hop)
    {
        ConnectionKind kind = Array.Find(s_all, kind => kind.Scheme.Equals(hop.Scheme, StringComparison.OrdinalIgnoreCase))
            ?? throw hop.UnknownScheme(s_all.Select(static kind => kind.Scheme));
        Connection connection = kind.Read(hop);
        hop.Finish();
        return connection;
    }

    /// <exception cref="ArgumentException">A string cannot carry it.</exception>
    public static string Write(Connection connection)
    {
        if (connection is not PlainConnection plain || KindOf(plain) is not { } kind)
        {
            throw new ArgumentException(
                $"A connection string cannot carry a {connection.GetType().Name}: it exists in the process that made it, and has no form as text.");
        }

        HopWriter hop = new(kind.Scheme, kind.Type);
        kind.Write(plain, hop);
        return hop.ToString();
    }

    private static ConnectionKind? KindOf(PlainConnection connection) => Array.Find(s_all, kind => kind.Type == connection.GetType());
}
