using Mitogen.Routing;

namespace Mitogen.Lifetime;

/// <content>In whose name the contexts below a root may log.</content>
internal sealed partial class ContextNode
{
    /// <summary>Whether a path is that of a context that sends log records, or of one below it.</summary>
    /// <param name="path">What the records say.</param>
    /// <param name="id">Who sends them; the routes vouch for it.</param>
    /// <param name="sender">The sender's path, as far as it is known here.</param>
    public bool IsOfOrBelow(string path, uint id, out string sender)
    {
        using (Hub.Enter())
        {
            Link? link = Hub.Kernel.RouteTo(id);
            bool isKnown = link?.Peer == id || _handles.ContainsKey(id);

            // One that was started from further down is not known here, only the child on the way to it: it is somewhere below that.
            sender = _handles.GetValueOrDefault(id)?.Path ?? link?.Name ?? Path;
            return (isKnown && path == sender) || IsBelow(path, sender);
        }
    }

    // No name has a slash in it.
    private static bool IsBelow(string path, string above) =>
        path.Length > above.Length + 1 && path[above.Length] == '/' && path.StartsWith(above, StringComparison.Ordinal);
}
