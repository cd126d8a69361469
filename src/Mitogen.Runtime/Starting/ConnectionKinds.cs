using Mitogen.Connections;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>All kinds of connections that any context can start: each is a record, a tool and a row here.</summary>
internal static class ConnectionKinds
{
    /// <summary>The rows, in the order in which messages list them.</summary>
    public static IReadOnlyList<ConnectionKind> All { get; } =
    [
        ConnectionKind.Of("local", LocalConnection.Read, null),
        ConnectionKind.Of("ssh", SshConnection.Read, static (ssh, _) => SshTool.For(ssh)),
        ConnectionKind.Of("sudo", SudoConnection.Read, static (sudo, marker) => new SudoTool(sudo, marker)),
        ConnectionKind.Of("su", SuConnection.Read, static (su, marker) => new SuTool(su, marker)),
        ConnectionKind.Of("doas", DoasConnection.Read, static (doas, _) => new DoasTool(doas)),
        ConnectionKind.Of("docker", DockerConnection.Read, static (docker, _) => ContainerTool.For(docker)),
        ConnectionKind.Of("podman", PodmanConnection.Read, static (podman, _) => ContainerTool.For(podman)),
        ConnectionKind.Of("k8s", KubernetesConnection.Read, static (pod, _) => ContainerTool.For(pod)),
        ConnectionKind.Of("lxc", LxcConnection.Read, static (lxc, _) => ContainerTool.For(lxc)),
        ConnectionKind.Of("incus", IncusConnection.Read, static (incus, _) => ContainerTool.For(incus)),
        ConnectionKind.Of("nspawn", NspawnConnection.Read, static (nspawn, _) => ContainerTool.For(nspawn)),
        ConnectionKind.Of("exec", ExecConnection.Read, static (exec, _) => new ExecTool(exec)),
        ConnectionKind.Of("ns", NamespaceConnection.Read, static (leader, _) => ContainerTool.For(leader)),
    ];

    /// <param name="connection">The connection.</param>
    /// <param name="marker">The text by which this start's prompts are known.</param>
    /// <returns>Its tool; <see langword="null"/> if it needs none.</returns>
    public static Tool? FindTool(Connection connection, string marker) =>
        connection is PlainConnection plain ? All.FirstOrDefault(kind => kind.Type == connection.GetType())?.Tool?.Invoke(plain, marker) : null;

    /// <exception cref="FormatException">It is no connection.</exception>
    public static Connection Read(HopReader hop)
    {
        ConnectionKind kind = All.FirstOrDefault(kind => kind.Scheme.Equals(hop.Scheme, StringComparison.OrdinalIgnoreCase))
            ?? throw hop.UnknownScheme(All.Select(static kind => kind.Scheme));
        Connection connection = kind.Read(hop);
        connection = connection with
        {
            Name = hop.Options.Text("name"),
            ConnectTimeout = hop.Options.Seconds("timeout") ?? connection.ConnectTimeout,
            StartTimeout = hop.Options.Seconds("limit") ?? connection.StartTimeout,
            MinimumRate = hop.Options.Number("rate", int.MaxValue, "a number of bytes per second") ?? connection.MinimumRate,
            GracePeriod = hop.Options.Seconds("grace") ?? connection.GracePeriod,
        };
        hop.Finish();
        return connection;
    }
}
