using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>A context of the simulation: a real kernel, real gates, and calls without threads.</summary>
internal sealed class SimContext : IKernelHost, ILinkDriver
{
    /// <summary>The object whose methods block.</summary>
    public const ulong Blocking = 1;

    private readonly SimWorld _world;
    private readonly KernelOptions _options;
    private readonly Dictionary<OrderKey, SimGate> _gates = [];
    private readonly Dictionary<OrderKey, ulong> _lastStarted = [];
    private readonly Dictionary<(uint Callee, ulong Target), ulong> _sequences = [];
    private readonly HashSet<(uint Caller, ulong Target)> _grants = [];

    /// <param name="world">Where it lives.</param>
    /// <param name="id">Its id.</param>
    /// <param name="parent">Its parent.</param>
    /// <param name="bounds">The bounds that it has to keep.</param>
    /// <param name="options">Those that its kernel keeps: the same, unless that is the fault.</param>
    public SimContext(SimWorld world, uint id, SimContext? parent, KernelOptions bounds, KernelOptions options)
    {
        _world = world;
        _options = bounds;
        Parent = parent;
        Kernel = new Kernel(id, parent?.Line ?? [], options, this);
        Windows = new SimWindows(world, id, bounds);
        Turns = new SimTurns(world, id);
        Accounts = new SimAccounts(world, this, bounds);
    }

    public Kernel Kernel { get; }

    public SimContext? Parent { get; }

    public SimWindows Windows { get; }

    public SimTurns Turns { get; }

    public SimAccounts Accounts { get; }

    /// <summary>Whether it is hostile, or below one that is.</summary>
    public bool IsTainted => _world.Tree.IsTainted(Kernel.Self);

    /// <summary>What it does to its parent; <see langword="null"/> if it keeps the rules.</summary>
    public SimHostile? Hostile { get; set; }

    /// <summary>The ids from the root to this context.</summary>
    public IEnumerable<uint> Line => [.. Parent?.Line ?? [], Kernel.Self];

    public Link? Up { get; set; }

    public Dictionary<SimContext, Link> Down { get; } = [];

    /// <summary>Calls that have started and are not answered.</summary>
    public List<SimServed> Running { get; } = [];

    public bool IsDead { get; set; }

    /// <summary>When the kernel wants to be called.</summary>
    public long AlarmAt { get; set; } = long.MaxValue;

    public IEnumerable<SimGate> Gates => _gates.Values;

    public ulong NextSequence(uint callee, ulong target)
    {
        ulong next = _sequences.GetValueOrDefault((callee, target));
        _sequences[(callee, target)] = next + 1;
        return next;
    }

    /// <summary>Those above may call everything, those below what they were given.</summary>
    public bool MayCall(uint caller, ulong target)
    {
        bool may = Kernel.PlaceOf(caller) == Place.Above || _grants.Contains((caller, target));
        _world.Check(!may || _world.IsGranted(Kernel.Self, caller, target), $"context {Kernel.Self} lets {caller} call what it may not call any more");
        return may;
    }

    public void Grant(uint caller, ulong target) => _ = _grants.Add((caller, target));

    public void Withdraw(uint caller, ulong target)
    {
        if (_world.Fault.KeepsGrants)
        {
            _world.Fault.Count();
            return;
        }

        _ = _grants.Remove((caller, target));
    }

    public void Arrive(SimServed call)
    {
        SimGate gate = GateOf(call.Caller, call.Header);
        (bool isFree, bool hasRoom) = gate.Arrive(call.Header.Sequence, call, call.Account);
        _world.Check(isFree || !call.IsTrusted, $"place {call.Header.Sequence} was used twice");
        if (!isFree)
        {
            call.Refuse(ResetCode.Malformed, "The place was used before.");
        }

        Go(call.Caller, hasRoom);
    }

    public void Skip(uint caller, in CallHeader header)
    {
        if (MayCall(caller, header.Contract))
        {
            (bool isFree, bool hasRoom) = GateOf(caller, header).Arrive(header.Sequence, null, Kernel.AccountOf(caller));
            _world.Check(isFree || IsTainted || _world.Tree.IsTainted(caller), $"place {header.Sequence} was used twice");
            Go(caller, hasRoom);
        }
    }

    public void Withdraw(SimServed call)
    {
        GateOf(call.Caller, call.Header).Withdraw(call);
        StartReady();
    }

    /// <summary>A method has ended: answers its call.</summary>
    public void Answer(SimServed call, int length)
    {
        _ = Running.Remove(call);
        call.Answer(length);
        StartReady();
    }

    IStreamHandler? IKernelHost.Accept(MuxStream stream)
    {
        SimServed call = new(_world, this);
        call.Begin(stream);
        return call;
    }

    void IKernelHost.OnSkipped(uint source, ReadOnlySpan<byte> callHeader)
    {
        if (callHeader.Length >= CallHeader.Size)
        {
            Skip(source, CallHeader.Read(callHeader));
        }
    }

    void IKernelHost.OnContextGone(uint id, DisconnectReason reason)
    {
        _world.Check(IsTainted || _world.MayBeGone(id), $"context {Kernel.Self} was told that {id} is gone: {reason.Message}");
        Turns.Gone(id);
        foreach (OrderKey key in _gates.Keys.Where(k => k.Caller == id).ToArray())
        {
            _ = _gates.Remove(key, out SimGate? gate);
            gate!.Close();
        }

        _ = _grants.RemoveWhere(g => g.Caller == id);
    }

    void IKernelHost.OnGoodbye(Link link, TimeSpan grace)
    {
    }

    void IKernelHost.OnDropped(Link link, in FrameHeader header, string why) =>
        _world.Check(IsTainted || _world.Tree.IsTainted(link.Peer) || _world.MayDrop(header), $"context {Kernel.Self} dropped a frame from {link.Name}: {why}");

    long IKernelHost.Now => _world.Now;

    void IKernelHost.SetAlarm(long time) => AlarmAt = Math.Min(AlarmAt, time);

    void IKernelHost.OnFailure(Exception error) => _world.Check(false, $"context {Kernel.Self} failed: {error}");

    void ILinkDriver.Wake()
    {
    }

    void ILinkDriver.Cut() => _world.HasCutLinks = true;

    private SimGate GateOf(uint caller, in CallHeader header)
    {
        OrderKey key = new(caller, header.Contract, header.Object);
        if (!_gates.TryGetValue(key, out SimGate? gate))
        {
            _gates.Add(key, gate = new SimGate());
        }

        return gate;
    }

    private void Go(uint caller, bool hasRoom)
    {
        if (!hasRoom)
        {
            _world.Check(IsTainted || _world.Tree.IsTainted(caller), $"more calls of context {caller} wait than may");
            Kernel.Exceed(Kernel.AccountOf(caller)!, Resource.Parked, 1, $"More calls wait than MaxParkedCalls ({_options.MaxParkedCalls}) allows.");
        }

        StartReady();
    }

    private void StartReady()
    {
        foreach ((OrderKey key, SimGate gate) in _gates)
        {
            while (gate.Next() is { } next)
            {
                bool isLater = !_lastStarted.TryGetValue(key, out ulong last) || next.Header.Sequence > last;
                _world.Check(isLater, $"call {next.Header.Sequence} started after call {last} on the same object");
                _lastStarted[key] = next.Header.Sequence;
                if (next.IsTrusted)
                {
                    SimCall started = _world.Call(next.Header.TimeoutMilliseconds);
                    _world.Check(!started.Started, $"call {started.Number} started twice");
                    started.Started = true;
                }

                next.Start();
                Running.Add(next);
            }
        }
    }
}
