using System.Globalization;

namespace Mitogen.Starting.Tools;

/// <content>The command lines of the connections that it is.</content>
internal sealed partial class ContainerTool
{
    // The machine's leader is looked up by a shell on this side, which then becomes nsenter.
    private const string EnterMachine =
        """p=$("$1" show -p Leader --value "$2") && shift 2 && exec "$1" -t "$p" -m -u -i -n -p -- "$2" "$3" "$4" """;

    public static ContainerTool For(DockerConnection docker) =>
        Docker(docker.DockerPath, docker.Container, docker.Image, docker.User, docker.Options);

    public static ContainerTool For(PodmanConnection podman) =>
        Docker(podman.PodmanPath, podman.Container, podman.Image, podman.User, podman.Options);

    public static ContainerTool For(KubernetesConnection pod) => new(
        pod.KubectlPath,
        [
            "exec", "-i",
            .. Option("--context", pod.KubectlContext), .. Option("-n", pod.Namespace),
            pod.Pod, .. Option("-c", pod.Container), "--",
        ],
        $"pod {pod.Pod}",
        isNear: false);

    public static ContainerTool For(LxcConnection lxc) =>
        new(lxc.LxcAttachPath, ["-n", lxc.Container, "--"], $"container {lxc.Container}", givesStreams: true);

    public static ContainerTool For(IncusConnection incus) =>
        new(incus.IncusPath, ["exec", "--mode=non-interactive", incus.Instance, "--"], $"instance {incus.Instance}");

    public static ContainerTool For(NspawnConnection nspawn) => new(
        "sh", ["-c", EnterMachine, "sh", nspawn.MachinectlPath, nspawn.Machine, nspawn.NsenterPath], $"machine {nspawn.Machine}", givesStreams: true);

    public static ContainerTool For(NamespaceConnection leader) => new(
        leader.NsenterPath,
        ["-t", leader.LeaderId.ToString(CultureInfo.InvariantCulture), "-m", "-u", "-i", "-n", "-p", "--"],
        $"process {leader.LeaderId}",
        givesStreams: true);

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
