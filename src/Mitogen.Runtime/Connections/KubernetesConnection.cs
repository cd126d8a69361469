using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in a container of a Kubernetes pod, with <c>kubectl exec</c>.</summary>
/// <param name="Pod">The pod.</param>
public sealed record KubernetesConnection(string Pod) : PlainConnection, IReadFromText<KubernetesConnection>
{
    /// <summary>The container of the pod. Default: the pod's default container.</summary>
    public string? Container { get; init; }

    /// <summary>The pod's namespace. Default: that of kubectl's context.</summary>
    public string? Namespace { get; init; }

    /// <summary>The context of kubectl's configuration. Default: the current one.</summary>
    public string? KubectlContext { get; init; }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>kubectl</c>.</summary>
    public string KubectlPath { get; init; } = "kubectl";

    static KubernetesConnection IReadFromText<KubernetesConnection>.Read(HopReader hop)
    {
        IReadOnlyList<string> path = hop.TargetPath("a pod, namespace/pod or namespace/pod/container", 3);
        return new KubernetesConnection(path.Count == 1 ? path[0] : path[1])
        {
            Namespace = path.Count > 1 ? path[0] : null,
            Container = path.Count > 2 ? path[2] : null,
            KubectlContext = hop.Options.Text("context"),
        };
    }
}
