using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Connections;
using Mitogen.Routing;
using Mitogen.Telemetry;

namespace Mitogen.Contexts;

/// <summary>A context as this one knows it: itself, its parent, or one below it.</summary>
internal sealed class ContextHandle : CallEndpoint, IRemoteContext, IDeferred, IThreadPoolWorkItem
{
    private readonly ContextNode _node;
    private readonly ContextHandle? _parent;
    private readonly CancellationTokenSource _disconnected = new();

    // Tickets begin with 1.
    private const ulong NoTicket = 0;

    // Two threads may both see that there is none under way, and both send one.
    private volatile Task _ping = Task.CompletedTask;

    // Guarded by the hub's lock.
    private readonly List<KeptCall> _waiting = [];
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _id;
    private bool _isCounted;
    private ContextInfo? _info;
    private BootstrapException? _failure;
    private DisconnectReason? _reason;

    public ContextHandle(ContextNode node, ContextHandle? parent, string name, string path)
        : base(node.Hub)
    {
        _node = node;
        _parent = parent;
        Name = name;
        Path = path;
    }

    /// <summary>Whether users can only name the context: a context does not call its parent.</summary>
    public bool IsIdentityOnly { get; init; }

    public string Name { get; private set; }

    public override string Path { get; }

    public override uint Id => _id;

    public override ErrorSender Sender => IsIdentityOnly || this == _node.Self ? ErrorSender.Trusted(Path) : new ErrorSender(Path);

    public IRemoteContext? Parent => _parent;

    public IReadOnlyList<IRemoteContext> Children => _node.ChildrenOf(this);

    public ContextInfo Info => _info ?? throw new InvalidOperationException($"Context '{Path}' is not up: its Info is not known.");

    public CancellationToken Disconnected => _disconnected.Token;

    public DisconnectReason? DisconnectReason => _reason;

    /// <summary>The failure of its start.</summary>
    /// <param name="hop">The context that was to start it.</param>
    /// <param name="problem">The reason, and what to do about it.</param>
    /// <param name="lastLines">The last lines that were printed on the way.</param>
    /// <param name="inner">The cause, if it was an exception.</param>
    public BootstrapException StartFailure(
        string hop, LaunchProblem problem, IReadOnlyList<string>? lastLines = null, Exception? inner = null) =>
        new(problem.Reason, Name, hop, problem.Message, lastLines, inner);

    /// <summary>Completes when the context is up, or when nothing is left of its start.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Completes with the loss of the context.</summary>
    public Task Gone => _gone.Task;

    /// <summary>How long user code may go on there once the context is to end.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Whether the context is another one, or was started from there or from below.</summary>
    public bool IsAtOrBelow(ContextHandle other) => this == other || (_parent?.IsAtOrBelow(other) ?? false);

    /// <summary>The options of calls whose proxy has none of its own.</summary>
    public CallOptions Defaults { get; init; } = NoOptions;

    public T Get<T>()
        where T : class => Get<T>(Defaults);

    public T Get<T>(CallOptions options)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Timeout is { } timeout && !IsTimeout(timeout))
        {
            throw new ArgumentOutOfRangeException(nameof(options), timeout, "CallOptions.Timeout is from 1 millisecond to 24 days.");
        }

        if (IsIdentityOnly)
        {
            throw IdentityOnly();
        }

        RemoteContract<T> contract = _node.Catalog.Find<T>();
        return contract.CreateProxy(Target(contract, options.Timeout is null ? Defaults : options));
    }

    public static bool IsTimeout(TimeSpan time) => time >= TimeSpan.FromMilliseconds(1) && time <= TimeSpan.FromDays(24);

    /// <summary>A proxy for one of the runtime's own contracts, which no program's catalog lists.</summary>
    public T GetOwn<T>(CallOptions? options = null)
        where T : class
    {
        RemoteContract<T> contract = RuntimeContracts.Catalog.Find<T>();
        return contract.CreateProxy(Target(contract, options ?? NoOptions, isOwn: true));
    }

    public async Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ContextHandle child = _node.Prepare(this, connection);
        await _node.StartAsync(this, child, connection, cancellationToken).ConfigureAwait(false);
        return child;
    }

    public IRemoteContext Through(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ContextHandle child = _node.Prepare(this, connection);
        _node.StartInBackground(this, child, connection);
        return child;
    }

    public Task PingAsync(CancellationToken cancellationToken = default)
    {
        if (IsIdentityOnly)
        {
            return Task.FromException(IdentityOnly());
        }

        // Who asks again and again, while there is no answer, waits for one: pings of a context that hangs do not pile up.
        Task ping = _ping;
        if (ping.IsCompleted)
        {
            _ping = ping = GetOwn<IContextHost>().GiveUpAsync(NoTicket);
        }

        return ping.WaitAsync(cancellationToken);
    }

    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) =>
        new(_node.EndAsync(this).WaitAsync(cancellationToken));

    public ValueTask DisposeAsync() => new(_node.EndAsync(this));

    public override string ToString() => Path;

    public override uint Admit(in HubLock locked, PendingCall call)
    {
        if (_reason is { } reason)
        {
            call.Fail(locked, _failure is { } failure ? Copy(failure) : new ContextLostException(Path, reason));
        }
        else if (_id == 0)
        {
            if (_waiting.Count == Hub.Options.MaxWaitingStreams)
            {
                call.FailAsOneTooMany(locked);
            }
            else
            {
                _waiting.Add(new KeptCall(call));
            }
        }
        else
        {
            return _id;
        }

        return 0;
    }

    /// <summary>The context is up; the calls that waited go out in their order.</summary>
    /// <returns>False when it was given up before.</returns>
    public bool SetUp(in HubLock locked, uint id, ContextInfo info)
    {
        if (_reason is not null)
        {
            return false;
        }

        _info = ContextNames.Shown(info);
        _id = id;
        Hub.Peers.Bind(locked, id, this);
        foreach (KeptCall call in _waiting)
        {
            call.SendTo(locked, id);
        }

        _waiting.Clear();
        return true;
    }

    /// <summary>The context counts as a living one that this process started.</summary>
    public void Count(in HubLock locked)
    {
        _isCounted = true;
        Tracing.CountContexts(1);
    }

    /// <summary>The context is gone, or never came up.</summary>
    public void SetLost(in HubLock locked, DisconnectReason reason, BootstrapException? failure = null)
    {
        if (_reason is not null)
        {
            return;
        }

        _reason = reason;
        _failure = failure;
        if (_isCounted)
        {
            Tracing.CountContexts(-1);
        }

        foreach (KeptCall call in _waiting)
        {
            call.Fail(locked, failure is not null ? Copy(failure) : new ContextLostException(Path, reason));
        }

        _waiting.Clear();
        TellLostPosts(locked);
        _ = _gone.TrySetResult();
        locked.Defer(this);
    }

    /// <summary>The start is over.</summary>
    public void Settle() => _settled.TrySetResult();

    /// <summary>After the lock: a pool thread runs what users registered on <see cref="Disconnected"/>.</summary>
    void IDeferred.Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _disconnected.Cancel();
        }
        catch (AggregateException e)
        {
            _node.OnCallbackFailed(e);
        }
    }

    private InvalidOperationException IdentityOnly() =>
        new($"'{Path}' started this context: it can be named, not called. Let the parent call, and return what it needs.");

    // Each call throws an exception of its own: a shared one would gather the stacks of all.
    private static BootstrapException Copy(BootstrapException e) =>
        new(e.Reason, e.ContextName, e.Hop, e.Detail, e.LastLines, e.InnerException);
}
