using Mitogen.CompilerServices;
using Mitogen.Multiplexing;
using Mitogen.Telemetry;

namespace Mitogen.Calls;

/// <summary>The parts of a call on the way out. Reused with the call that owns it.</summary>
internal sealed class OutgoingParts
{
    private bool _hasTrace;

    /// <summary>The target of the call. As all of the parts, it is forgotten with the call: a pooled instance keeps no object alive.</summary>
    public RemoteCallTarget Target { get; private set; } = null!;

    /// <summary>The context that is called.</summary>
    public CallEndpoint Endpoint { get; private set; } = null!;

    public RemoteMethod Method { get; private set; } = null!;

    /// <summary>The call header's place, then the trace context if there is one, then the arguments.</summary>
    public CallBuffer Arguments { get; } = new();

    /// <summary>The references of the arguments; <see langword="null"/> where the method takes no references.</summary>
    public OutgoingReferences? References { get; private set; }

    /// <summary>The id of the object that the call promises; 0: none.</summary>
    public ulong Promise { get; set; }

    /// <summary>The chain that the call belongs to; zero: none.</summary>
    public ChainId Chain { get; set; }

    /// <summary>How long the call may take: what its proxy's options say, or what is left to the call that makes it.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>The things that are measured of the call; <see langword="null"/> where nobody listens.</summary>
    public CallSpan? Span { get; private set; }

    public int ArgumentBytes => Arguments.WrittenCount - CallHeader.Size;

    /// <summary>Which slots the call takes.</summary>
    public StreamClass Class => Target.IsOwn ? StreamClass.Own : IsLong ? StreamClass.Parts : StreamClass.Call;

    // Its reader, or its writer, may take as long as it likes.
    private bool IsLong => Method.Shape == MethodShape.Streaming || (Method.ContractId == StreamContract.ContractId && Method == StreamContract.Write);

    /// <param name="target">The target of the call.</param>
    /// <param name="method">Its method.</param>
    /// <param name="inScope">Whether the call belongs to the one that this code runs for, if there is one: to its chain, and within its time.</param>
    public void Set(RemoteCallTarget target, RemoteMethod method, bool inScope = true)
    {
        Target = target;
        Endpoint = target.Endpoint;
        Method = method;
        Timeout = target.Options.Timeout;
        if (inScope && CallScope.Current is { } scope)
        {
            Chain = scope.Chain;
            Timeout = scope.Left is { } left && !(Timeout < left) ? left : Timeout;
        }

        References = method.TakesReferences ? new OutgoingReferences(target.Endpoint, isResult: false) : null;
        Arguments.Limit(CallHeader.Size, target.Endpoint.Hub.Options.MaxMessageSize);
        Arguments.Begin(CallHeader.Size);
        if (Tracing.IsOn && !method.IsOwn)
        {
            Span = CallSpan.BeginOutgoing(method.FullName(target.Name), Endpoint.Path, Endpoint.Hub.OnListenerFailed);
            _hasTrace = Span?.TryWriteTo(Arguments) ?? false;
        }
    }

    /// <summary>As the call is sent: this gives the call its place in the order.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="chain">The name of the call's chain where the call goes.</param>
    public void WriteHeader(in HubLock locked, ChainId chain)
    {
        ulong sequence = Target.Sequence.Take(locked);
        uint timeout = Timeout is { } time ? (uint)Math.Clamp(time.TotalMilliseconds, 1, uint.MaxValue) : 0;
        CallHeader header = new(
            Method.ContractId, Target.ObjectId, sequence, chain, Method.Id, timeout, (uint)ArgumentBytes, Promise, _hasTrace);
        header.Write(Arguments.Front(CallHeader.Size));
    }

    /// <summary>The callee did not get the arguments, and never will.</summary>
    public void TakeReferencesBack(in HubLock locked) => References?.TakeBack(locked);

    public string Describe() => $"{Method.Name} in context '{Endpoint.Path}'";

    /// <summary>Gives up everything of this use.</summary>
    public void Reset()
    {
        Target = null!;
        Endpoint = null!;
        Method = null!;
        References = null;
        Promise = 0;
        Chain = default;
        Timeout = null;
        Span = null;
        _hasTrace = false;
        Arguments.Reset();
    }
}
