using Mitogen.Calls;
using Mitogen.Connections;
using Mitogen.Routing;
using Mitogen.Telemetry;

namespace Mitogen.Contexts;

/// <content>Contexts below this one: starting them, here or further down.</content>
internal sealed partial class ContextNode
{
    // The time of a given-up start, beside its grace, until nobody waits any more for the word that nothing is left of it.
    private static readonly TimeSpan s_cleanUpTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_longestTime = TimeSpan.FromDays(24);
    private static int s_unnamed;
    private static ulong s_lastTicket;

    // Guarded by the hub's lock: what is being started from here.
    private readonly HashSet<ContextHandle> _starting = [];

    private readonly SemaphoreSlim _starts;

    // Below this many, it costs more to look for those that have ended than to keep them.
    private const int LeastNamed = 64;

    // Guarded by the hub's lock: the contexts that were given their names, by path. Those that have ended are forgotten when it is full.
    private readonly Dictionary<string, ContextHandle> _named = new(StringComparer.Ordinal);
    private int _mostNamed = LeastNamed;

    /// <summary>Makes the handle of a context that is about to be started.</summary>
    public ContextHandle Prepare(ContextHandle parent, Connection connection)
    {
        if (parent.IsIdentityOnly)
        {
            throw new InvalidOperationException($"'{parent.Path}' started this context: contexts are started from it by those above it.");
        }

        if (connection.Name is { } name && !ContextNames.IsName(name))
        {
            throw new ArgumentException(
                $"'{VisibleText.Line(name)}' is not a context's name: it has 1 to 100 characters, and no slash or control character.", nameof(connection));
        }

        if (parent.Path.AsSpan().Count('/') + 2 > Kernel.MaxDepth)
        {
            throw new InvalidOperationException($"'{parent.Path}' is the last of {Kernel.MaxDepth} contexts in a line: none is started from it.");
        }

        if (connection.ConnectTimeout <= TimeSpan.Zero || connection.ConnectTimeout > s_longestTime)
        {
            throw new ArgumentOutOfRangeException(
                nameof(connection), connection.ConnectTimeout, "Connection.ConnectTimeout is more than 0, up to 24 days.");
        }

        if (connection.StartTimeout <= TimeSpan.Zero || connection.StartTimeout > s_longestTime)
        {
            throw new ArgumentOutOfRangeException(
                nameof(connection), connection.StartTimeout, "Connection.StartTimeout is more than 0, up to 24 days.");
        }

        if (connection.MinimumRate < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(connection), connection.MinimumRate, "Connection.MinimumRate is in bytes per second, from 1.");
        }

        if (connection.GracePeriod < TimeSpan.Zero || connection.GracePeriod > s_longestTime)
        {
            throw new ArgumentOutOfRangeException(
                nameof(connection), connection.GracePeriod, "Connection.GracePeriod is from 0 to 24 days.");
        }

        if (connection.CallTimeout is { } timeout && !ContextHandle.IsTimeout(timeout))
        {
            throw new ArgumentOutOfRangeException(
                nameof(connection), timeout, "Connection.CallTimeout is from 1 millisecond to 24 days.");
        }

        return connection.Name is null ? PrepareUnnamed(parent, connection)
            : TryClaim(NewHandle(parent, connection, connection.Name)) is { } handle ? handle
            : throw new ArgumentException(
                $"There is a context '{parent.Path}/{connection.Name}' already. Give the new one another Connection.Name, or none; or dispose the other one first.",
                nameof(connection));
    }

    private ContextHandle PrepareUnnamed(ContextHandle parent, Connection connection)
    {
        while (true)
        {
            if (TryClaim(NewHandle(parent, connection, $"{KindOf(connection)}-{Interlocked.Increment(ref s_unnamed)}")) is { } handle)
            {
                return handle;
            }
        }
    }

    /// <summary>The contexts that were started from here by a handle, and that live.</summary>
    public ContextHandle[] ChildrenOf(ContextHandle parent)
    {
        using (Hub.Enter())
        {
            // This context itself has a parent too, which started it in another process.
            return [.. _handles.Values.Where(handle => handle.Parent == parent && !handle.IsIdentityOnly && handle != Self).OrderBy(static handle => handle.Id)];
        }
    }

    private ContextHandle NewHandle(ContextHandle parent, Connection connection, string name) => new(this, parent, name, $"{parent.Path}/{name}")
    {
        Defaults = new CallOptions { Timeout = connection.CallTimeout },
        Grace = connection.GracePeriod,
    };

    /// <summary>Takes a context's name, which nobody beside it has as long as it lives; <see langword="null"/> if somebody has it.</summary>
    private ContextHandle? TryClaim(ContextHandle handle)
    {
        using (Hub.Enter())
        {
            if (_named.TryGetValue(handle.Path, out ContextHandle? other) && other.DisconnectReason is null)
            {
                return null;
            }

            if (_named.Count >= _mostNamed)
            {
                foreach ((string path, ContextHandle named) in _named.ToArray())
                {
                    if (named.DisconnectReason is not null)
                    {
                        _ = _named.Remove(path);
                    }
                }

                _mostNamed = Math.Max(LeastNamed, 2 * _named.Count);
            }

            _named[handle.Path] = handle;
            return handle;
        }
    }

    /// <summary>
    /// Starts a context from <paramref name="parent"/> and completes when it is up. If it is not, nothing of it is left. Losing the
    /// child's handle gives the start up, as the token does.
    /// </summary>
    public async Task StartAsync(ContextHandle parent, ContextHandle child, Connection connection, CancellationToken cancellationToken)
    {
        connection = connection with { Name = child.Name };
        StartSpan? span = StartSpan.Begin(child.Path, KindOf(connection), Hub.OnListenerFailed);
        using CancellationTokenSource givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, child.Disconnected);
        try
        {
            Task start = parent == Self
                ? StartHereAsync(child, connection, givenUp.Token)
                : StartThereAsync(parent, child, connection, givenUp.Token);
            await start.ConfigureAwait(false);
            span?.End(null);
        }
        catch (Exception e)
        {
            span?.End(e);
            using (HubLock locked = Hub.Enter())
            {
                child.SetLost(locked, ReasonOf(e), e as BootstrapException);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (e is OperationCanceledException && child.DisconnectReason is { } reason)
            {
                throw new ContextLostException(child.Path, reason, e);
            }

            throw;
        }
        finally
        {
            child.Settle();
        }
    }

    /// <summary>As <see cref="StartAsync"/>, on a pool thread; what goes wrong is told to the calls on the context.</summary>
    public void StartInBackground(ContextHandle parent, ContextHandle child, Connection connection) => _ = Task.Run(async () =>
    {
#pragma warning disable CA1031 // the handle carries the failure to everyone who uses it
        try
        {
            await StartAsync(parent, child, connection, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ContextLostException e)
        {
            Log.ContextGone(_logger, child.Path, e.Reason.Message);
        }
        catch (Exception e)
        {
            Log.NotStarted(_logger, child.Path, e.Message);
        }
#pragma warning restore CA1031
    });

    /// <summary>Lets a connector add the context that it started, before anything of it comes in.</summary>
    public void AddChild(ChildContext child)
    {
        using (HubLock locked = Hub.Enter())
        {
            _children.Add(child.Id, child);
            locked.Kernel.AddLink(child.Link);
        }
    }

    private async Task StartHereAsync(ContextHandle handle, Connection connection, CancellationToken cancellationToken)
    {
        await _starts.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await StartInTurnAsync(handle, connection, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = _starts.Release();
        }
    }

    private async Task StartInTurnAsync(ContextHandle handle, Connection connection, CancellationToken cancellationToken)
    {
        using (Hub.Enter())
        {
            if (_ending)
            {
                throw new ContextLostException(
                    Path, new DisconnectReason(DisconnectKind.Disposed, "It is ending and starts no further contexts."));
            }

            _ = _starting.Add(handle);
        }

        try
        {
            uint id = await TakeIdAsync().ConfigureAwait(false);

            ContextStart start = new(this, connection, handle, id);

            // On the pool: the assemblies that are sent ahead are compressed at the first start.
            ChildContext child = await Task.Run(() => _options.Connector.StartAsync(start, cancellationToken), cancellationToken).ConfigureAwait(false);
            await SetUpAsync(start, child).ConfigureAwait(false);
            Log.ContextUp(_logger, handle.Path, id, child.Info.ProcessId, child.Info.HostName);
        }
        finally
        {
            using (Hub.Enter())
            {
                _ = _starting.Remove(handle);
            }
        }
    }

    private async Task SetUpAsync(ContextStart start, ChildContext child)
    {
        ContextHandle handle = start.Handle;
        using (HubLock locked = Hub.Enter())
        {
            if (!child.Link.IsClosed && handle.SetUp(locked, child.Id, child.Info))
            {
                _handles[child.Id] = handle;
                handle.Count(locked);
                return;
            }
        }

        // It was disposed while it came up, or ended as soon as it was up.
        await EndChildAsync(child).ConfigureAwait(false);
        throw handle.DisconnectReason is { } reason
            ? new ContextLostException(handle.Path, reason)
            : start.Failure(new LaunchProblem(BootstrapReason.ExitedEarly, $"'{handle.Path}' ended as soon as it was up."));
    }

    /// <summary>
    /// The order to start is never cancelled itself: its answer tells what there is to end. It is given up by a second call, which
    /// arrives after it and is answered when nothing of it is left.
    /// </summary>
    private async Task StartThereAsync(
        ContextHandle parent, ContextHandle handle, Connection connection, CancellationToken cancellationToken)
    {
        PlainConnection plain = connection as PlainConnection
            ?? throw new ArgumentException($"A {connection.GetType().Name} cannot be started from another context.", nameof(connection));
        IContextHost host = parent.GetOwn<IContextHost>();
        ulong ticket = Interlocked.Increment(ref s_lastTicket);
        cancellationToken.ThrowIfCancellationRequested();
        Task<StartedContext> starting = host.StartAsync(plain, ticket);
        await ((Task)starting).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellationToken.IsCancellationRequested)
        {
            StartedContext started = await starting.ConfigureAwait(false);
            if (SetUp(parent, handle, started))
            {
                return;
            }
        }

        Task ending = GiveUpAsync(host, ticket, starting);
        await ending.WaitAsync(connection.GracePeriod + s_cleanUpTime, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new OperationCanceledException(cancellationToken);
    }

    private static async Task GiveUpAsync(IContextHost host, ulong ticket, Task<StartedContext> starting)
    {
#pragma warning disable CA1031 // the context it was to be started from is gone, or it did not come up: either way nothing is left
        try
        {
            await host.GiveUpAsync(ticket).ConfigureAwait(false);
            await host.EndAsync((await starting.ConfigureAwait(false)).Id).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // As above.
        }
#pragma warning restore CA1031
    }

    /// <summary>Takes the word of the context that started it, of which only that is believed which the routes bear out.</summary>
    /// <returns>False when the handle was given up meanwhile.</returns>
    /// <exception cref="BootstrapException">The id is that of a context that was not started there, or of another handle.</exception>
    private bool SetUp(ContextHandle parent, ContextHandle handle, StartedContext started)
    {
        using (HubLock locked = Hub.Enter())
        {
            // Its end may have overtaken the answer that tells of its start.
            if (locked.Kernel.PlaceOf(started.Id) == Place.Unknown)
            {
                handle.SetLost(locked, new DisconnectReason(DisconnectKind.LinkBroken, "It was gone as soon as it was up."));
                return true;
            }

            if (!locked.Kernel.IsStartedBy(started.Id, parent.Id) || _handles.ContainsKey(started.Id))
            {
                string why = $"'{parent.Path}' gave number {started.Id} for a context that it was to start, which is that of another one.";
                locked.Kernel.Offend(parent.Id, why);
                throw handle.StartFailure(parent.Path, new LaunchProblem(BootstrapReason.NotAContext, why));
            }

            if (handle.SetUp(locked, started.Id, started.Info))
            {
                _handles[started.Id] = handle;
                handle.Count(locked);
                return true;
            }

            return false;
        }
    }

    private static DisconnectReason ReasonOf(Exception error) => error switch
    {
        BootstrapException e => new DisconnectReason(DisconnectKind.NeverStarted, e.Detail, LastLines: e.LastLines),
        ContextLostException e => new DisconnectReason(
            DisconnectKind.AncestorLost,
            $"'{e.ContextName}', from which it was to be started, is gone: {e.Reason.Message}",
            e.Reason.ExitCode,
            e.Reason.LastLines),
        OperationCanceledException => new DisconnectReason(DisconnectKind.NeverStarted, "Its start was given up."),
        _ => new DisconnectReason(DisconnectKind.NeverStarted, error.Message),
    };

    private static string KindOf(Connection connection)
    {
        string type = connection.GetType().Name;
        return (type.EndsWith(nameof(Connection), StringComparison.Ordinal) ? type[..^nameof(Connection).Length] : type).ToLowerInvariant();
    }
}
