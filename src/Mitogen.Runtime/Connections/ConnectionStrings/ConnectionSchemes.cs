namespace Mitogen.Connections;

/// <summary>The meaning of each scheme of a connection string.</summary>
internal static class ConnectionSchemes
{
    private const string Root = "root";
    private const int MaxSeconds = 1_000_000;

    private static readonly Dictionary<string, Func<HopReader, Connection>> s_schemes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["local"] = Local,
        ["ssh"] = Ssh,
        ["sudo"] = Sudo,
        ["su"] = hop => new SuConnection { User = hop.Account() ?? Root, Login = hop.Options.Flag("login") },
        ["doas"] = hop => new DoasConnection { User = hop.Account() ?? Root },
        ["docker"] = Docker,
        ["podman"] = Podman,
        ["k8s"] = Kubernetes,
        ["lxc"] = hop => new LxcConnection(hop.Target("a container")),
        ["incus"] = hop => new IncusConnection(hop.Target("an instance", mayHaveColon: true)),
        ["nspawn"] = hop => new NspawnConnection(hop.Target("a machine")),
        ["exec"] = hop => new ExecConnection([hop.Target("a program"), .. hop.Options.Texts("argument")]),
        ["ns"] = hop => new NamespaceConnection(hop.TargetNumber("the number of a process")),
    };

    /// <exception cref="FormatException">It is no connection.</exception>
    public static Connection Read(HopReader hop)
    {
        if (!s_schemes.TryGetValue(hop.Scheme, out Func<HopReader, Connection>? create))
        {
            throw hop.UnknownScheme(s_schemes.Keys);
        }

        Connection connection = create(hop);
        connection = connection with
        {
            Name = hop.Options.Text("name"),
            ConnectTimeout = Seconds(hop, "timeout") ?? connection.ConnectTimeout,
            StartTimeout = Seconds(hop, "limit") ?? connection.StartTimeout,
            MinimumRate = hop.Options.Number("rate", int.MaxValue, "a number of bytes per second") ?? connection.MinimumRate,
            GracePeriod = Seconds(hop, "grace") ?? connection.GracePeriod,
        };
        hop.Finish();
        return connection;
    }

    private static LocalConnection Local(HopReader hop) => new() { Isolated = hop.Options.Flag("isolated"), DotNetPath = hop.Options.Text("dotnet") };

    private static SshConnection Ssh(HopReader hop)
    {
        string? user = hop.User(); // first: a password in it is the more important error
        return new SshConnection(hop.Host(out int? port))
        {
            User = user,
            Port = port,
            IdentityFile = hop.Options.Text("identity"),
            HostKeyPolicy = hop.Options.Choice(
                "hostkey",
                HostKeyPolicy.Enforce,
                [("enforce", HostKeyPolicy.Enforce), ("accept-new", HostKeyPolicy.AcceptNew), ("ignore", HostKeyPolicy.Ignore)]),
            KnownHostsFile = hop.Options.Text("knownhosts"),
            ConfigFile = hop.Options.Text("config"),
            Compression = hop.Options.Flag("compression"),
            KeepAlive = Seconds(hop, "keepalive"),
            Options = hop.Options.Texts("option"),
        };
    }

    private static SudoConnection Sudo(HopReader hop) => new()
    {
        User = hop.Account() ?? Root,
        Login = hop.Options.Flag("login"),
        PreserveEnvironment = hop.Options.Flag("preserve-environment"),
        SelinuxRole = hop.Options.Text("role"),
        SelinuxType = hop.Options.Text("type"),
    };

    private static DockerConnection Docker(HopReader hop)
    {
        (string? container, string? image) = ContainerOrImage(hop);
        return new DockerConnection(container) { Image = image, User = hop.User(), Options = hop.Options.Texts("option") };
    }

    private static PodmanConnection Podman(HopReader hop)
    {
        (string? container, string? image) = ContainerOrImage(hop);
        return new PodmanConnection(container) { Image = image, User = hop.User(), Options = hop.Options.Texts("option") };
    }

    private static KubernetesConnection Kubernetes(HopReader hop)
    {
        IReadOnlyList<string> path = hop.TargetPath("a pod, namespace/pod or namespace/pod/container", 3);
        return new KubernetesConnection(path.Count == 1 ? path[0] : path[1])
        {
            Namespace = path.Count > 1 ? path[0] : null,
            Container = path.Count > 2 ? path[2] : null,
            KubectlContext = hop.Options.Text("context"),
        };
    }

    private static (string? Container, string? Image) ContainerOrImage(HopReader hop) =>
        hop.Options.Text("image") is { } image ? (null, image) : (hop.Target("a container, or the option image"), null);

    private static TimeSpan? Seconds(HopReader hop, string option) =>
        hop.Options.Number(option, MaxSeconds, "a number of seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
