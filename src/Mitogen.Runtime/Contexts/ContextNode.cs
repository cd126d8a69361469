using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Framing;
using Mitogen.Links;
using Mitogen.Logging;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Services;

namespace Mitogen.Contexts;

/// <summary>
/// One context, as the process that runs it sees it: its calls, its services, the contexts that it started and the handles of
/// those that it knows. Several can live in one process.
/// </summary>
#pragma warning disable CA1001 // its semaphore has no wait handle, and so nothing to dispose; the rest is at the context's end
internal sealed partial class ContextNode : ICallHost
#pragma warning restore CA1001
{
    private readonly NodeOptions _options;
    private readonly uint[] _ancestors;
    private readonly ILogger _logger;
    private readonly LaterLogs _later;
    private readonly Link _loopback;
    private readonly DroppedFrames _dropped;

    // All guarded by the hub's lock.
    private readonly Dictionary<uint, ContextHandle> _handles = [];
    private readonly Dictionary<uint, ChildContext> _children = [];

    public ContextNode(NodeOptions options)
    {
        _options = options;
        _logger = new GuardedLogger(options.Loggers.CreateLogger("Mitogen"));
        _later = new LaterLogs(_logger);
        Path = string.Join('/', options.Ancestors.Select(a => a.Name).Append(options.Name));
        _ancestors = [.. options.Ancestors.Select(a => a.Id)];
        Hub = new CallHub(options.Id, _ancestors, options.Kernel, this);
        _dropped = new DroppedFrames(Hub, _logger);
        _starts = new SemaphoreSlim(options.Kernel.MaxConcurrentStarts);
        Parent = CreateParents();
        Self = new ContextHandle(this, Parent, options.Name, Path);
        Root = Self;
        while (Root.Parent is ContextHandle above)
        {
            Root = above;
        }

        Services = new ServiceHost(Self, options.Loggers, options.Catalog, options.Services);
        using (HubLock locked = Hub.Enter())
        {
            _loopback = LoopbackDriver.Attach(locked, Hub);
            Self.SetUp(locked, options.Id, options.Info);
            _handles.Add(options.Id, Self);
        }
    }

    public CallHub Hub { get; }

    public string Path { get; }

    public RemoteCatalog Catalog => _options.Catalog;

    public NodeOptions Options => _options;

    public ContextHandle Self { get; }

    /// <summary>The parent's handle; <see langword="null"/> in a root.</summary>
    public ContextHandle? Parent { get; }

    /// <summary>The root's handle; this context's own in a root.</summary>
    public ContextHandle Root { get; }

    public ServiceHost Services { get; }

    public ILogger Logger => _logger;

    /// <summary>Is called, while the hub's lock is held, when the parent asks this context to end.</summary>
    public Action<TimeSpan>? OnParentSaysGoodbye { get; set; }

    RemoteMethod? ICallHost.FindMethod(in HubLock locked, ulong contract, uint method) =>
        (RuntimeContracts.Catalog.Contracts.GetValueOrDefault(contract) ?? Catalog.Contracts.GetValueOrDefault(contract))
            ?.FindMethod(method);

    bool ICallHost.MayCallService(in HubLock locked, uint caller, ulong contract) =>
        IsAbove(caller)
        || (contract == RuntimeContracts.Parent && _children.ContainsKey(caller))
        || (contract == RuntimeContracts.LogSink && _options.Ancestors.Count == 0);

    public ServiceTarget Resolve(uint caller, ulong contract)
    {
        bool isAbove = IsAbove(caller);
        if (RuntimeContracts.Catalog.Contracts.TryGetValue(contract, out RemoteContract? own))
        {
            return new ServiceTarget(own, OwnService(own.InterfaceType, caller, isAbove));
        }

        if (!isAbove)
        {
            throw new UnauthorizedAccessException($"Context {caller} may not call the services of '{Path}': only contexts above it may.");
        }

        if (!Catalog.Contracts.TryGetValue(contract, out RemoteContract? found))
        {
            throw new NotSupportedException(
                $"Context '{Path}' does not know the contract {contract:x16}: do both sides run the same build?");
        }

        SingletonService instance = Services.Find(found) ?? throw new NotSupportedException(
            $"Context '{Path}' has no service for {found.Name}. Mark the class that implements it with [RemoteService], and " +
            "let the executable reference its project.");
        return new ServiceTarget(found, instance.Get, instance.Exclusive) { IsOrdered = instance.IsOrdered };
    }

    void ICallHost.OnContextGone(in HubLock locked, uint id, DisconnectReason reason)
    {
        if (_handles.Remove(id, out ContextHandle? handle))
        {
            handle.SetLost(locked, reason);
        }
    }

    void ICallHost.OnGoodbye(in HubLock locked, Link link, TimeSpan grace)
    {
        if (link.Role == LinkRole.Parent)
        {
            OnParentSaysGoodbye?.Invoke(grace);
        }
    }

    void ICallHost.OnDropped(in HubLock locked, Link link, in FrameHeader header, string why) => _dropped.Add(locked, link, header, why);

    bool ICallHost.IsService(object instance) => Services.FindOwn(instance) is not null;

    ExclusiveGate? ICallHost.ExclusiveGateOf(object instance) => Services.FindOwn(instance)?.Exclusive;

    void ICallHost.OnPromiseFailed(RemoteMethod method, Exception error) => _later.Add(l => Log.PromiseFailed(l, method.Name, error));

    void ICallHost.OnOneWayFailed(RemoteMethod method, Exception error) =>
        _later.Add(l => Log.OneWayFailed(l, method.Name, error));

    void ICallHost.OnPostsLost(string path, string contract, int count) => _later.Add(l => Log.PostsLost(l, count, contract, path));

    void ICallHost.OnCallsWait(in HubLock locked, string path, in SlotWait wait, string oldest)
    {
        (int waiting, int holding, TimeSpan still) = (wait.Waiting, wait.Holding, TimeSpan.FromMilliseconds(wait.StillMilliseconds));
        _later.Add(l => Log.CallsWait(l, waiting, path, holding, still, Hub.Options.MaxOpenStreams, oldest));
    }

    void ICallHost.OnCallsHeldUp(in HubLock locked, RemoteMethod method, TimeSpan time, int waiting) =>
        _later.Add(l => Log.CallsHeldUp(l, waiting, Path, method.Name, time));

    void ICallHost.OnReleasesFailed(in HubLock locked, string path, int count, Exception? error) => _later.Add(l => Log.ReleasesFailed(l, count, path, error));

    public void OnCallbackFailed(Exception error) => _later.Add(l => Log.CallbackFailed(l, error));

    void ICallHost.OnFailure(Exception error) => _later.Add(l => Log.RuntimeFailed(l, Path, error));

    /// <summary>Whether a context is above this one, or this one itself: whether it may call everything.</summary>
    public bool IsAbove(uint context)
    {
        // Asked for each call that comes: no enumerator is made.
        return context == _options.Id || _ancestors.AsSpan().Contains(context);
    }

    private ContextHandle? CreateParents()
    {
        ContextHandle? parent = null;
        foreach (Ancestor ancestor in _options.Ancestors)
        {
            string path = parent is null ? ancestor.Name : $"{parent.Path}/{ancestor.Name}";
            parent = new ContextHandle(this, parent, ancestor.Name, path) { IsIdentityOnly = true };
            using (HubLock locked = Hub.Enter())
            {
                parent.SetUp(locked, ancestor.Id, new ContextInfo("", "", 0, "", "", ""));
                _handles.Add(ancestor.Id, parent);
            }
        }

        return parent;
    }

    /// <summary>Who serves the runtime's own contracts; each caller gets what it is entitled to.</summary>
    private Func<object> OwnService(Type contract, uint caller, bool isAbove)
    {
        if (contract == typeof(IContextHost) && isAbove)
        {
            ContextHost host = new(this);
            return () => host;
        }

        if (contract == typeof(IParentContext))
        {
            using (Hub.Enter())
            {
                if (_children.TryGetValue(caller, out ChildContext? child))
                {
                    return () => new ParentContext(this, child);
                }
            }
        }

        // Whoever reaches the root by its routes is below it.
        if (contract == typeof(ILogSink) && _options.Ancestors.Count == 0)
        {
            return () => new LogSink(this, caller);
        }

        throw new UnauthorizedAccessException($"Context {caller} may not call {contract.Name} of '{Path}'.");
    }

    /// <summary>Loggers are user code: a pool thread writes what a link thread has to say.</summary>
    private sealed class LogLater(LaterLogs logs, Action<ILogger> write) : IDeferred
    {
        public void Run() => logs.Add(write);
    }
}
