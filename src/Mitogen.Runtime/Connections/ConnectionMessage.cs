namespace Mitogen.Connections;

/// <summary>A connection on its way to the context that is to start it: exactly one member is set.</summary>
internal sealed record ConnectionMessage
{
    public LocalConnection? Local { get; init; }

    public SshConnection? Ssh { get; init; }

    public SudoConnection? Sudo { get; init; }

    public SuConnection? Su { get; init; }

    public DoasConnection? Doas { get; init; }

    public DockerConnection? Docker { get; init; }

    public PodmanConnection? Podman { get; init; }

    public KubernetesConnection? Kubernetes { get; init; }

    public LxcConnection? Lxc { get; init; }

    public IncusConnection? Incus { get; init; }

    public NspawnConnection? Nspawn { get; init; }

    public NamespaceConnection? Namespace { get; init; }

    public ExecConnection? Exec { get; init; }

    /// <exception cref="ArgumentException">The connection exists in this process only.</exception>
    public static ConnectionMessage From(Connection connection) => connection switch
    {
        LocalConnection local => new() { Local = local },
        SshConnection ssh => new() { Ssh = ssh },
        SudoConnection sudo => new() { Sudo = sudo },
        SuConnection su => new() { Su = su },
        DoasConnection doas => new() { Doas = doas },
        DockerConnection docker => new() { Docker = docker },
        PodmanConnection podman => new() { Podman = podman },
        KubernetesConnection kubernetes => new() { Kubernetes = kubernetes },
        LxcConnection lxc => new() { Lxc = lxc },
        IncusConnection incus => new() { Incus = incus },
        NspawnConnection nspawn => new() { Nspawn = nspawn },
        NamespaceConnection leader => new() { Namespace = leader },
        ExecConnection exec => new() { Exec = exec },
        _ => throw new ArgumentException($"A {connection.GetType().Name} cannot be started from another context.", nameof(connection)),
    };

    /// <exception cref="NotSupportedException">The sender knows a connection that this build does not.</exception>
    public Connection ToConnection() =>
        (Connection?)Local ?? (Connection?)Ssh ?? (Connection?)Sudo ?? (Connection?)Su ?? (Connection?)Doas ?? (Connection?)Docker
        ?? (Connection?)Podman ?? (Connection?)Kubernetes ?? (Connection?)Lxc ?? (Connection?)Incus ?? (Connection?)Nspawn
        ?? (Connection?)Namespace ?? (Connection?)Exec
        ?? throw new NotSupportedException("The connection is of a kind that this context does not know.");
}
