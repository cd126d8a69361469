using Mitogen.Calls;

namespace Mitogen.Contexts;

/// <content>The end of contexts: of those below, and of this one.</content>
internal sealed partial class ContextNode
{
    // Both guarded by the hub's lock. Of the contexts that are lost, the processes may still be there.
    private bool _ending;
    private readonly HashSet<ChildContext> _leaving = [];

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
        using (HubLock locked = Hub.Enter())
        {
            if (handle.Id == 0)
            {
                // Still being started: that gives it up.
                handle.SetLost(locked, new DisconnectReason(DisconnectKind.Disposed, "It was disposed before it was up."));
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
    /// <param name="child">The context.</param>
    /// <param name="isItsWish">Whether it wants to end itself: then one of the calls that would be waited for may be what wants it.</param>
    public async Task EndChildAsync(ChildContext child, bool isItsWish = false)
    {
        if (!isItsWish)
        {
            await Hub.Peers.DrainAsync((in locked, e) => locked.Kernel.RouteTo(e.Id) == child.Link, child.Grace).ConfigureAwait(false);
        }

        await child.EndAsync().ConfigureAwait(false);
        LoseChild(child, child.EndReason);
        using (Hub.Enter())
        {
            _ = _leaving.Remove(child);
        }
    }

    /// <summary>Ends what is left of a context that was lost. The end of this context waits for it.</summary>
    public async Task EndLostAsync(ChildContext child)
    {
#pragma warning disable CA1031 // nobody waits for it but the end of this context
        try
        {
            await EndChildAsync(child).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.EndFailed(_logger, child.Handle.Path, e);
        }
#pragma warning restore CA1031
    }

    /// <summary>A context that this one started is gone.</summary>
    public void LoseChild(ChildContext child, DisconnectReason reason)
    {
        using (HubLock locked = Hub.Enter())
        {
            if (_children.Remove(child.Id))
            {
                _ = _leaving.Add(child);
                locked.Defer(new LogLater(_later, l => Log.ContextGone(l, child.Handle.Path, reason.ToString())));
            }

            locked.Kernel.LinkLost(child.Link, reason);
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
    /// <param name="reason">The reason that calls get which have not ended then.</param>
    /// <param name="grace">How long user code may take.</param>
    public async Task EndSelfAsync(DisconnectReason reason, TimeSpan grace = default)
    {
        ChildContext[] children;
        ChildContext[] leaving;
        ContextHandle[] starting;
        using (Hub.Enter())
        {
            _ending = true;
            children = [.. _children.Values];
            leaving = [.. _leaving];
            starting = [.. _starting];
        }

        if (reason.Kind != DisconnectKind.Disposed)
        {
            // Nobody above wanted that: those below are lost, and not disposed.
            foreach (ChildContext child in children)
            {
                child.EndReason = new DisconnectReason(DisconnectKind.AncestorLost, $"A context on the way to it, '{Path}', ended: {reason.Message}", reason.ExitCode);
            }
        }

        await Task.WhenAll([.. children.Select(c => EndChildAsync(c)), .. leaving.Select(EndLostAsync), .. starting.Select(EndAsync)]).ConfigureAwait(false);

        // Those to contexts that are gone have ended; what is left goes upward, or to this context itself. Half of the grace is for the services.
        await Hub.Peers.DrainAsync(static (in _, _) => true, grace / 2).ConfigureAwait(false);
        using (HubLock locked = Hub.Enter())
        {
            // Calls of this context on itself have no child's link to end with.
            locked.Kernel.LinkLost(_loopback, reason);
        }

        await Hub.Peers.DropAsync().ConfigureAwait(false);
        await Services.DisposeAsync().ConfigureAwait(false);
        using (HubLock locked = Hub.Enter())
        {
            // Those above stay: the last log records go to the root after this.
            foreach (ContextHandle handle in _handles.Values.Where(h => !h.IsIdentityOnly).ToArray())
            {
                _ = _handles.Remove(handle.Id);
                handle.SetLost(locked, reason);
            }
        }

        Hub.BlockingThreads.Dispose();
        using (HubLock locked = Hub.Enter())
        {
            Hub.StopAlarms(locked);
            _dropped.Stop(locked);
        }
    }

    private async Task EndThereAsync(ContextHandle parent, ContextHandle handle)
    {
        await Hub.Peers.DrainAsync((in _, e) => e is ContextHandle other && other.IsAtOrBelow(handle), handle.Grace).ConfigureAwait(false);
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
