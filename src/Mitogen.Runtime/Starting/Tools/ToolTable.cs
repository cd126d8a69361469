using System.Globalization;

namespace Mitogen.Starting.Tools;

/// <summary>Which tool each connection is.</summary>
internal static class ToolTable
{
    // The machine's leader is looked up by a shell on this side, which then becomes nsenter.
    private const string EnterMachine =
        """p=$("$1" show -p Leader --value "$2") && shift 2 && exec "$1" -t "$p" -m -u -i -n -p -- "$2" "$3" "$4" """;

    /// <param name="connection">The connection.</param>
    /// <param name="marker">The text by which this start's prompts are known.</param>
    /// <returns>Its tool; <see langword="null"/> if it needs none.</returns>
    public static Tool? Find(Connection connection, string marker) => connection switch
    {
        SshConnection { Host: "" } => throw new ArgumentException("A connection by ssh names a host."),
        SshConnection ssh => new SshTool(ssh),
        SudoConnection sudo => new SudoTool(sudo, marker),
        SuConnection su => new SuTool(su, marker),
        DoasConnection doas => new DoasTool(doas),
        ExecConnection exec => new ExecTool(exec),
        DockerConnection docker => Docker(docker.DockerPath, docker.Container, docker.Image, docker.User, docker.Options),
        PodmanConnection podman => Docker(podman.PodmanPath, podman.Container, podman.Image, podman.User, podman.Options),
        KubernetesConnection pod => new ContainerTool(
            pod.KubectlPath,
            [
                "exec", "-i",
                .. Option("--context", pod.KubectlContext), .. Option("-n", pod.Namespace),
                pod.Pod, .. Option("-c", pod.Container), "--",
            ],
            $"pod {pod.Pod}",
            isNear: false),
        LxcConnection lxc => new ContainerTool(lxc.LxcAttachPath, ["-n", lxc.Container, "--"], $"container {lxc.Container}", givesStreams: true),
        IncusConnection incus => new ContainerTool(
            incus.IncusPath, ["exec", "--mode=non-interactive", incus.Instance, "--"], $"instance {incus.Instance}"),
        NspawnConnection nspawn => new ContainerTool(
            "sh", ["-c", EnterMachine, "sh", nspawn.MachinectlPath, nspawn.Machine, nspawn.NsenterPath], $"machine {nspawn.Machine}", givesStreams: true),
        NamespaceConnection leader => new ContainerTool(
            leader.NsenterPath,
            ["-t", leader.LeaderId.ToString(CultureInfo.InvariantCulture), "-m", "-u", "-i", "-n", "-p", "--"],
            $"process {leader.LeaderId}",
            givesStreams: true),
        _ => null,
    };

    private static ContainerTool Docker(string file, string? container, string? image, string? user, IReadOnlyList<string> options) =>
        (container, image) switch
        {
            ({ } name, null) => new ContainerTool(
                file, ["exec", "-i", .. Option("-u", user), .. options, name], $"container {name}"),

            // The image's own entry point may be anything.
            (null, { } name) => new ContainerTool(
                file, ["run", "--rm", "-i", .. Option("-u", user), .. options, "--entrypoint", "sh", name], $"image {name}", isEntryPoint: true),
            _ => throw new ArgumentException("A container's connection names either a container or an image."),
        };

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];
}
