using Mitogen.CompilerServices;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>The context, as its calls need it.</summary>
internal interface ICallHost
{
    /// <summary>The context's path, for messages.</summary>
    string Path { get; }

    /// <summary>Whether a context is this one or one above it, which gets and may say everything.</summary>
    bool IsAbove(uint context);

    /// <summary>Finds a contract's method.</summary>
    /// <returns>The method; <see langword="null"/> if the program has none such.</returns>
    RemoteMethod? FindMethod(in HubLock locked, ulong contract, uint method);

    /// <summary>
    /// Whether a context may call this one's services for a contract at all: those above may call all, those below what the runtime does
    /// for them.
    /// </summary>
    bool MayCallService(in HubLock locked, uint caller, ulong contract);

    /// <summary>Finds who serves a call, or says why nobody does.</summary>
    /// <param name="caller">The calling context; the routes vouch for it.</param>
    /// <param name="contract">The contract's id.</param>
    /// <returns>The contract and what creates or holds the object.</returns>
    /// <exception cref="Exception">Nobody does: the exception goes to the caller.</exception>
    ServiceTarget Resolve(uint caller, ulong contract);

    /// <summary>Another context is gone; its streams have been told.</summary>
    void OnContextGone(in HubLock locked, uint id, DisconnectReason reason);

    /// <summary>A neighbour ends its link in order.</summary>
    void OnGoodbye(in HubLock locked, Link link, TimeSpan grace);

    /// <summary>A frame was dropped.</summary>
    void OnDropped(in HubLock locked, Link link, in FrameHeader header, string why);

    /// <summary>Whether the object is one of the context's services, which releases leave as they are.</summary>
    bool IsService(object instance);

    /// <summary>The gate that lets calls into an exclusive service; <see langword="null"/> for every other object.</summary>
    ExclusiveGate? ExclusiveGateOf(object instance);

    /// <summary>A call that promised an object failed, and nobody used the promise.</summary>
    void OnPromiseFailed(RemoteMethod method, Exception error);

    /// <summary>A one-way call failed: nobody else hears of it.</summary>
    void OnOneWayFailed(RemoteMethod method, Exception error);

    /// <summary>One-way calls of a contract had not ended when the context that they went to did.</summary>
    void OnPostsLost(string path, string contract, int count);

    /// <summary>Calls to another context wait for a slot, and none got one for long.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="path">The other context.</param>
    /// <param name="wait">How many wait, and for how long.</param>
    /// <param name="oldest">The calls that have had a slot the longest, and for how long.</param>
    void OnCallsWait(in HubLock locked, string path, in SlotWait wait, string oldest);

    /// <summary>Calls wait because the method of the one before them has not returned its task for long.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="method">The method.</param>
    /// <param name="time">For how long it has run.</param>
    /// <param name="waiting">How many wait at least.</param>
    void OnCallsHeldUp(in HubLock locked, RemoteMethod method, TimeSpan time, int waiting);

    /// <summary>Another context did not take references back.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="path">The other context.</param>
    /// <param name="count">How many releases failed since the last time.</param>
    /// <param name="error">The exception that the last one failed with; <see langword="null"/>: it was told before.</param>
    void OnReleasesFailed(in HubLock locked, string path, int count, Exception? error);

    /// <summary>A callback failed that a method registered on its cancellation token.</summary>
    void OnCallbackFailed(Exception error);

    /// <summary>Something of the runtime's own failed that nobody waits for. Called on any thread, with the lock or without.</summary>
    void OnFailure(Exception error);
}

/// <summary>A contract and the object that serves it.</summary>
internal sealed record ServiceTarget(RemoteContract Contract, Func<object> GetInstance, ExclusiveGate? Exclusive = null)
{
    /// <summary>Whether calls start in the order in which they were made.</summary>
    public bool IsOrdered { get; init; } = true;
}

/// <summary>The calls of one context: the kernel and its lock, the calls going out and the calls coming in.</summary>
internal sealed partial class CallHub : IKernelHost
{
    private readonly HubState _state;

    // Wakes the kernel when it asked for it.
    private readonly Alarm _alarm;
    private readonly ICallHost _host;

    /// <param name="self">The context's id.</param>
    /// <param name="ancestors">The ids of those above it.</param>
    /// <param name="options">The tree's bounds.</param>
    /// <param name="host">The context.</param>
    public CallHub(uint self, IEnumerable<uint> ancestors, KernelOptions options, ICallHost host)
    {
        _host = host;
        Options = options;
        _state = new HubState(this, self, ancestors, options, host);
        _alarm = new Alarm(this, static (in locked) => locked.Kernel.OnAlarm());
        BlockingThreads = new BlockingThreads();
        Forgotten = new ForgottenQueue(host);
    }

    public KernelOptions Options { get; }

    public ICallHost Host => _host;

    /// <summary>Where blocking methods run.</summary>
    public BlockingThreads BlockingThreads { get; }

    long IKernelHost.Now => Environment.TickCount64;

    /// <summary>Takes the lock until what this returns is disposed; what was deferred then runs.</summary>
    public HubLock Enter() => _state.Enter();

    /// <summary>The lock, for what is called by the kernel or a stream, whose caller holds it already and goes on to do so.</summary>
    public HubLock Held() => _state.Held();

    /// <summary>Nothing is done at any time from now on: the context has ended.</summary>
    public void StopAlarms(in HubLock locked)
    {
        _alarm.Stop(locked);
        locked.Slots.Stop(locked);
        locked.HeldUp.Stop(locked);
    }

    void IKernelHost.OnContextGone(uint id, DisconnectReason reason)
    {
        HubLock locked = Held();
        ForgetCaller(locked, id);
        LoseObjects(locked, id, reason);
        _host.OnContextGone(locked, id, reason);
    }

    void IKernelHost.SetAlarm(long time) => _alarm.Set(Held(), time);

    void IKernelHost.OnFailure(Exception error) => _host.OnFailure(error);

    void IKernelHost.OnGoodbye(Link link, TimeSpan grace) => _host.OnGoodbye(Held(), link, grace);

    void IKernelHost.OnDropped(Link link, in FrameHeader header, string why) => _host.OnDropped(Held(), link, header, why);
}
