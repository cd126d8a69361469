using Mitogen.Calls;
using Mitogen.Logging;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Contexts;

/// <content>In whose name the contexts below a root may log.</content>
internal sealed partial class ContextNode
{
    /// <summary>Whether a path is that of a context that sends log records, or of one below it.</summary>
    /// <param name="path">The path that the records name.</param>
    /// <param name="id">Who sends them; the routes vouch for it.</param>
    /// <param name="sender">Who answers for the records.</param>
    public bool IsOfOrBelow(string path, uint id, out LogSource sender)
    {
        using (HubLock locked = Hub.Enter())
        {
            // One that was started from further down has no handle here, but one of those on the way to it has: it is somewhere below that.
            IReadOnlyList<uint> branch = BranchOf(locked, id);
            uint nearest = branch.LastOrDefault(_handles.ContainsKey);
            string? known = _handles.GetValueOrDefault(nearest)?.Path ?? locked.Kernel.RouteTo(id)?.Name;
            if (known is null)
            {
                // It is gone since, and with it what vouched for its name.
                sender = new LogSource($"context {id}", branch);
                return false;
            }

            bool isExact = nearest == id || branch is [_];
            bool isOwn = (isExact && path == known) || ContextNames.IsBelow(path, known);
            sender = new LogSource(isOwn && !isExact ? path : known, branch);
            return isOwn;
        }
    }

    /// <summary>The contexts from the child of this one down to another.</summary>
    private static List<uint> BranchOf(in HubLock locked, uint id)
    {
        List<uint> branch = [];
        for (Account? account = locked.Kernel.AccountOf(id); account is not null; account = account.Above)
        {
            branch.Add(account.Owner);
        }

        branch.Reverse();
        return branch;
    }
}
