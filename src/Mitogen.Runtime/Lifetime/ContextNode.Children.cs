using Mitogen.Connections;
using Mitogen.Routing;
using Mitogen.Services;

namespace Mitogen.Lifetime;

/// <content>Contexts below this one: starting them here or further down, and ending them.</content>
internal sealed partial class ContextNode
{
    private static int s_unnamed;

    private bool _ending;

    /// <summary>Makes the handle of a context that is about to be started.</summary>
    public ContextHandle Prepare(ContextHandle parent, Connection connection)
    {
        if (parent.IsIdentityOnly)
        {
            throw new InvalidOperationException($"'{parent.Path}' started this context: contexts are started from it by those above it.");
        }

        string name = connection.Name ?? $"{KindOf(connection)}-{Interlocked.Increment(ref s_unnamed)}";
        if (name.Length is 0 or > 100 || name.AsSpan().ContainsAny('/', '\n', '\0'))
        {
            throw new ArgumentException($"'{name}' is not a context's name: it has 1 to 100 characters and none of them is a slash.", nameof(connection));
        }

        return new ContextHandle(this, parent, name, $"{parent.Path}/{name}");
    }

    /// <summary>Starts a context from <paramref name="parent"/> and completes when it is up.</summary>
    public async Task StartAsync(ContextHandle parent, ContextHandle child, Connection connection, CancellationToken cancellationToken)
    {
        connection = connection with { Name = child.Name };
        try
        {
            if (parent == Self)
            {
                await StartHereAsync(child, connection, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                StartedContext started = await parent.GetOwn<IContextHost>()
                    .StartAsync(ConnectionMessage.From(connection), cancellationToken).ConfigureAwait(false);
                SetUp(child, started.Id, started.Info);
            }
        }
        catch (Exception e)
        {
            BootstrapException? failure = e as BootstrapException;
            using (Hub.Enter())
            {
                child.SetLost(
                    e is ContextLostException lost ? lost.Reason : new DisconnectReason(DisconnectKind.NeverStarted, e.Message, LastLines: failure?.LastLines),
                    failure);
            }

            throw;
        }
    }

    /// <summary>As <see cref="StartAsync"/>; what goes wrong is told to the calls on the context.</summary>
    public async void StartInBackground(ContextHandle parent, ContextHandle child, Connection connection)
    {
#pragma warning disable CA1031 // the handle carries the failure to everyone who uses it
        try
        {
            await StartAsync(parent, child, connection, child.Disconnected).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ContextGone(_logger, child.Path, e.Message);
        }
#pragma warning restore CA1031
    }

    /// <summary>Ends a context and completes when it is gone.</summary>
    public async Task EndAsync(ContextHandle handle)
    {
        if (handle == Self)
        {
            await EndSelfAsync(new DisconnectReason(DisconnectKind.Disposed, "It was disposed.")).ConfigureAwait(false);
            return;
        }

        if (handle.IsIdentityOnly)
        {
            throw new InvalidOperationException($"'{handle.Path}' started this context and is not ended by it.");
        }

        if (handle.Id == 0)
        {
            // Still being started: its own token gives that up.
            using (Hub.Enter())
            {
                handle.SetLost(new DisconnectReason(DisconnectKind.Disposed, "It was disposed before it was up."));
            }

            await handle.Settled.ConfigureAwait(false);
            return;
        }

        ChildContext? child;
        using (Hub.Enter())
        {
            _ = _children.TryGetValue(handle.Id, out child);
        }

        if (child is not null)
        {
            await EndChildAsync(child).ConfigureAwait(false);
        }
        else if (handle.DisconnectReason is null && handle.Parent is ContextHandle parent)
        {
            try
            {
                await parent.GetOwn<IContextHost>().EndAsync(handle.Id).ConfigureAwait(false);
            }
            catch (ContextLostException)
            {
                // A context on the way went first, and took it along.
            }
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
                Hub.Defer(new LogLater(() => Log.ContextGone(_logger, child.Handle.Path, reason.ToString())));
            }

            Hub.Kernel.LinkLost(child.Link, reason);
            _ = _handles.Remove(child.Id);
            child.Handle.SetLost(reason);
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

    /// <summary>Takes an id for a new context, asking the parent for more when there is none left.</summary>
    public async Task<uint> TakeIdAsync()
    {
        while (true)
        {
            using (Hub.Enter())
            {
                if (Hub.Kernel.Leases.TryTake(out uint id))
                {
                    return id;
                }
            }

            if (Parent is null)
            {
                throw new InvalidOperationException("All context ids have been given away.");
            }

            IdBlock block = await Parent.GetOwn<IParentContext>().LeaseAsync().ConfigureAwait(false);
            using (Hub.Enter())
            {
                Hub.Kernel.Leases.Add(block);
            }
        }
    }

    /// <summary>Takes a block of ids for a child.</summary>
    public async Task<IdBlock> TakeBlockAsync(Link child)
    {
        IdBlock block;
        bool taken;
        using (Hub.Enter())
        {
            if (child.Leased.Sum(b => b.Count) >= Hub.Options.MaxLeasedIds)
            {
                throw new InvalidOperationException(
                    $"'{child.Name}' has started as many contexts as the option MaxContextsPerChild allows ({Hub.Options.MaxLeasedIds}).");
            }

            taken = Hub.Kernel.Leases.TryTakeBlock(IdLeases.BlockSize, out block);
        }

        if (!taken)
        {
            block = Parent is not null
                ? await Parent.GetOwn<IParentContext>().LeaseAsync().ConfigureAwait(false)
                : throw new InvalidOperationException("All context ids have been given away.");
        }

        using (Hub.Enter())
        {
            child.Leased.Add(block);
        }

        return block;
    }

    private static string KindOf(Connection connection)
    {
        string type = connection.GetType().Name;
        return (type.EndsWith(nameof(Connection), StringComparison.Ordinal) ? type[..^nameof(Connection).Length] : type).ToLowerInvariant();
    }

    private async Task StartHereAsync(ContextHandle handle, Connection connection, CancellationToken cancellationToken)
    {
        if (_ending)
        {
            throw new ContextLostException(Path, new DisconnectReason(DisconnectKind.Disposed, "It is ending and starts no further contexts."));
        }

        uint id = await TakeIdAsync().ConfigureAwait(false);
        ChildContext child = await _options.Connector.StartAsync(this, connection, handle, id, cancellationToken).ConfigureAwait(false);
        using (Hub.Enter())
        {
            if (!child.Link.IsClosed)
            {
                _handles[id] = handle;
                handle.SetUp(id, child.Info);
            }
        }

        // Disposed while it came up, or this context began to end.
        if (handle.DisconnectReason is not null || _ending)
        {
            await EndChildAsync(child).ConfigureAwait(false);
            throw new BootstrapException(BootstrapReason.ExitedEarly, handle.Name, Path, $"Context '{handle.Path}' was ended while it came up.");
        }

        Log.ContextUp(_logger, handle.Path, id, child.Info.ProcessId, child.Info.HostName);
    }

    private void SetUp(ContextHandle handle, uint id, ContextInfo info)
    {
        using (Hub.Enter())
        {
            // Its end may have overtaken the answer that tells of its start.
            if (Hub.Kernel.Routes.Contains(id))
            {
                _handles[id] = handle;
                handle.SetUp(id, info);
            }
            else
            {
                handle.SetLost(new DisconnectReason(DisconnectKind.LinkBroken, "It was gone as soon as it was up."));
            }
        }
    }

    /// <summary>Lets a connector add the context that it started, before anything of it comes in.</summary>
    public void AddChild(ChildContext child)
    {
        using (Hub.Enter())
        {
            _children.Add(child.Id, child);
            Hub.Kernel.AddLink(child.Link);
        }
    }

    /// <summary>Ends everything below this context, then its services and its own links.</summary>
    public async Task EndSelfAsync(DisconnectReason reason)
    {
        ChildContext[] children;
        using (Hub.Enter())
        {
            if (_ending)
            {
                children = [];
            }
            else
            {
                _ending = true;
                children = [.. _children.Values];
            }
        }

        await Task.WhenAll(children.Select(EndChildAsync)).ConfigureAwait(false);
        using (Hub.Enter())
        {
            // Calls of this context on itself have no child's link to end with.
            Hub.Kernel.LinkLost(_loopback, reason);
        }

        await Services.DisposeAsync().ConfigureAwait(false);
        using (Hub.Enter())
        {
            foreach (ContextHandle handle in _handles.Values)
            {
                handle.SetLost(reason);
            }

            _handles.Clear();
        }

        Hub.BlockingThreads.Dispose();
    }
}
