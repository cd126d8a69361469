using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>The calls of one context: the kernel and its lock, the calls going out and the calls coming in.</summary>
internal sealed class CallHub : IKernelHost
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
        OnListenerFailed = host.OnCallbackFailed;
        _state = new HubState(this, self, ancestors, options, host);
        _alarm = new Alarm(this, static (in locked) => locked.Kernel.OnAlarm());
        BlockingThreads = new BlockingThreads();
        Forgotten = new ForgottenQueue(host);
        Objects = new HeldObjects(host);
        Peers = new Peers(this);
        Served = new ServedCalls(this);
    }

    public KernelOptions Options { get; }

    public ICallHost Host => _host;

    /// <summary>Tells the host what a listener to spans threw. One for all calls, most of which have no listener.</summary>
    public Action<Exception> OnListenerFailed { get; }

    /// <summary>Where blocking methods run.</summary>
    public BlockingThreads BlockingThreads { get; }

    /// <summary>The objects that finalizers found forgotten.</summary>
    public ForgottenQueue Forgotten { get; }

    /// <summary>The objects of this context that others may call.</summary>
    public HeldObjects Objects { get; }

    /// <summary>The contexts that this one calls, or that call it.</summary>
    public Peers Peers { get; }

    /// <summary>The calls that come in.</summary>
    public ServedCalls Served { get; }

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

    IStreamHandler? IKernelHost.Accept(MuxStream stream) => Served.Accept(Held(), stream);

    void IKernelHost.OnSkipped(uint source, ReadOnlySpan<byte> callHeader) => Served.OnSkipped(Held(), source, callHeader);

    void IKernelHost.OnContextGone(uint id, DisconnectReason reason)
    {
        HubLock locked = Held();
        Served.ForgetCaller(locked, id);
        Peers.Lose(locked, id, reason);
        _host.OnContextGone(locked, id, reason);
    }

    void IKernelHost.SetAlarm(long time) => _alarm.Set(Held(), time);

    void IKernelHost.OnFailure(Exception error) => _host.OnFailure(error);

    void IKernelHost.OnGoodbye(Link link, TimeSpan grace) => _host.OnGoodbye(Held(), link, grace);

    void IKernelHost.OnDropped(Link link, in FrameHeader header, string why) => _host.OnDropped(Held(), link, header, why);
}
