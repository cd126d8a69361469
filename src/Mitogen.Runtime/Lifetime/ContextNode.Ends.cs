using Mitogen.Services;

namespace Mitogen.Lifetime;

/// <content>The end of contexts: of those below, and of this one.</content>
internal sealed partial class ContextNode
{
    // Under the hub's lock.
    private bool _ending;

    /// <summary>Ends this context as a whole, process and all; what its owner sets.</summary>
    public Func<Task>? EndWhole { get; set; }

    /// <summary>Ends a context and completes when it is gone.</summary>
    public async Task EndAsync(ContextHandle handle)
    {
        if (handle == Self)
        {
            await (EndWhole?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
            return;
        }

        if (handle.IsIdentityOnly)
        {
            throw new InvalidOperationException($"'{handle.Path}' started this context and is not ended by it.");
        }

        ChildContext? child;
        using (Hub.Enter())
        {
            if (handle.Id == 0)
            {
                // Still being started: that gives it up.
                handle.SetLost(new DisconnectReason(DisconnectKind.Disposed, "It was disposed before it was up."));
            }

            _ = _children.TryGetValue(handle.Id, out child);
        }

        if (handle.Id == 0)
        {
            await handle.Settled.ConfigureAwait(false);
        }
        else if (child is not null)
        {
            await EndChildAsync(child).ConfigureAwait(false);
        }
        else if (handle.DisconnectReason is null && handle.Parent is ContextHandle parent)
        {
            await EndThereAsync(parent, handle).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a context that this one started.</summary>
    public async Task EndChildAsync(ChildContext child)
    {
        await child.EndAsync().ConfigureAwait(false);
        LoseChild(child, new DisconnectReason(DisconnectKind.Disposed, "It was disposed."));
    }

    /// <summary>A context that this one started is gone.</summary>
    public void LoseChild(ChildContext child, DisconnectReason reason)
    {
        using (Hub.Enter())
        {
            if (_children.Remove(child.Id))
            {
                Hub.Defer(new LogLater(_later, l => Log.ContextGone(l, child.Handle.Path, reason.ToString())));
            }

            Hub.Kernel.LinkLost(child.Link, reason);
        }
    }

    /// <summary>Finds a context that this one started.</summary>
    public ChildContext? FindChild(uint id)
    {
        using (Hub.Enter())
        {
            return _children.GetValueOrDefault(id);
        }
    }

    /// <summary>Ends everything below this context, then its services and its own calls. To be called once.</summary>
    public async Task EndSelfAsync(DisconnectReason reason)
    {
        ChildContext[] children;
        ContextHandle[] starting;
        using (Hub.Enter())
        {
            _ending = true;
            children = [.. _children.Values];
            starting = [.. _starting];
        }

        await Task.WhenAll([.. children.Select(EndChildAsync), .. starting.Select(EndAsync)]).ConfigureAwait(false);
        using (Hub.Enter())
        {
            // Calls of this context on itself have no child's link to end with.
            Hub.Kernel.LinkLost(_loopback, reason);
        }

        await Hub.DropObjectsAsync().ConfigureAwait(false);
        await Services.DisposeAsync().ConfigureAwait(false);
        using (Hub.Enter())
        {
            // Those above stay: the last log records go to the root after this.
            foreach (ContextHandle handle in _handles.Values.Where(h => !h.IsIdentityOnly).ToArray())
            {
                _ = _handles.Remove(handle.Id);
                handle.SetLost(reason);
            }
        }

        Hub.BlockingThreads.Dispose();
        Hub.Alarm.Dispose();
        _dropped.Dispose();
    }

    private static async Task EndThereAsync(ContextHandle parent, ContextHandle handle)
    {
        try
        {
            await parent.GetOwn<IContextHost>().EndAsync(handle.Id).ConfigureAwait(false);
        }
        catch (ContextLostException)
        {
            // A context on the way is gone or ending, and takes it along: word of that is under way.
            await handle.Gone.ConfigureAwait(false);
        }
    }
}
