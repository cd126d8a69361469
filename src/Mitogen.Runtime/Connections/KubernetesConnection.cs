using Mitogen.Connections;

namespace Mitogen;

/// <summary>Starts a context in a container of a Kubernetes pod, with <c>kubectl exec</c>.</summary>
/// <param name="Pod">The pod.</param>
public sealed record KubernetesConnection(string Pod) : PlainConnection, IWrittenAsText<KubernetesConnection>
{
    /// <summary>The container of the pod. Default: the pod's default container.</summary>
    public string? Container { get; init; }

    /// <summary>The pod's namespace. Default: that of kubectl's context.</summary>
    public string? Namespace { get; init; }

    /// <summary>The context of kubectl's configuration. Default: the current one.</summary>
    public string? KubectlContext { get; init; }

    /// <summary>The program to run: a path, or a name to look up. Default: <c>kubectl</c>.</summary>
    public string KubectlPath { get; init; } = "kubectl";

    static KubernetesConnection IWrittenAsText<KubernetesConnection>.Blank => new("");

    static KubernetesConnection IWrittenAsText<KubernetesConnection>.Map(IHopText hop, KubernetesConnection it, KubernetesConnection blank)
    {
        (string? space, string pod, string? container) = hop.Pod(it.Namespace, it.Pod, it.Container);
        return it with
        {
            Namespace = space,
            Pod = pod,
            Container = container,
            KubectlContext = hop.Text("context", it.KubectlContext),
            KubectlPath = hop.Without(it.KubectlPath, blank.KubectlPath),
        };
    }
}
