using Mitogen.Logging;
using Mitogen.Routing;

namespace Mitogen.Lifetime;

/// <content>In whose name the contexts below a root may log.</content>
internal sealed partial class ContextNode
{
    /// <summary>Whether a path is that of a context that sends log records, or of one below it.</summary>
    /// <param name="path">What the records say.</param>
    /// <param name="id">Who sends them; the routes vouch for it.</param>
    /// <param name="sender">Who answers for the records.</param>
    public bool IsOfOrBelow(string path, uint id, out LogSource sender)
    {
        using (Hub.Enter())
        {
            Link? link = Hub.Kernel.RouteTo(id);
            bool isKnown = link?.Peer == id || _handles.ContainsKey(id);

            // One that was started from further down is not known here, only the child on the way to it: it is somewhere below that.
            string known = _handles.GetValueOrDefault(id)?.Path ?? link?.Name ?? Path;
            bool isOwn = (isKnown && path == known) || ContextNames.IsBelow(path, known);
            sender = new LogSource(isOwn && !isKnown ? path : known, link is null ? [] : link.Peer == id ? [id] : [link.Peer, id]);
            return isOwn;
        }
    }
}
