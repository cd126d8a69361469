using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>A context of the simulation: a real kernel, real gates, and calls without threads.</summary>
internal sealed class SimContext : IKernelHost, ILinkDriver
{
    private readonly SimWorld _world;
    private readonly Dictionary<OrderKey, OrderGate<SimServed>> _gates = [];
    private readonly Queue<SimServed> _startable = new();
    private readonly Dictionary<OrderKey, ulong> _lastStarted = [];
    private readonly Dictionary<(uint Callee, ulong Target), ulong> _sequences = [];

    public SimContext(SimWorld world, uint id, SimContext? parent, KernelOptions options)
    {
        _world = world;
        Parent = parent;
        Kernel = new Kernel(id, parent?.Line ?? [], options, this);
    }

    public Kernel Kernel { get; }

    public SimContext? Parent { get; }

    /// <summary>The ids from the root to this context.</summary>
    public IEnumerable<uint> Line => [.. Parent?.Line ?? [], Kernel.Self];

    public Link? Up { get; set; }

    public Dictionary<SimContext, Link> Down { get; } = [];

    /// <summary>Calls that have started and are not answered.</summary>
    public List<SimServed> Running { get; } = [];

    public bool IsDead { get; set; }

    public IEnumerable<OrderGate<SimServed>> Gates => _gates.Values;

    public ulong NextSequence(uint callee, ulong target)
    {
        ulong next = _sequences.GetValueOrDefault((callee, target));
        _sequences[(callee, target)] = next + 1;
        return next;
    }

    public void Arrive(SimServed call) => Arrive(call.Caller, call.Header, call);

    public void Skip(uint caller, in CallHeader header) => Arrive(caller, header, null);

    IStreamHandler? IKernelHost.Accept(MuxStream stream) => new SimServed(_world, this) { Stream = stream };

    void IKernelHost.OnSkipped(uint source, ReadOnlySpan<byte> callHeader) => Skip(source, CallHeader.Read(callHeader));

    void IKernelHost.OnContextGone(uint id, DisconnectReason reason)
    {
        foreach (OrderKey key in _gates.Keys.Where(k => k.Caller == id).ToArray())
        {
            _ = _gates.Remove(key);
        }
    }

    void IKernelHost.OnGoodbye(Link link, TimeSpan grace)
    {
    }

    void IKernelHost.OnDropped(Link link, in FrameHeader header, string why) =>
        _world.Check(_world.MayDrop(header), $"context {Kernel.Self} dropped a frame from {link.Name}: {why}");

    long IKernelHost.Now => _world.Now;

    void IKernelHost.SetAlarm(long time)
    {
    }

    void IKernelHost.OnFailure(Exception error) => _world.Check(false, $"context {Kernel.Self} failed: {error}");

    void ILinkDriver.Wake()
    {
    }

    void ILinkDriver.Cut()
    {
    }

    private void Arrive(uint caller, in CallHeader header, SimServed? call)
    {
        OrderKey key = new(caller, header.Contract, header.Object);
        if (!_gates.TryGetValue(key, out OrderGate<SimServed>? gate))
        {
            _gates.Add(key, gate = new OrderGate<SimServed>(_startable.Enqueue));
        }

        _world.Check(gate.Arrive(header.Sequence, call), $"place {header.Sequence} was used twice");
        while (_startable.TryDequeue(out SimServed? next))
        {
            bool isLater = !_lastStarted.TryGetValue(key, out ulong last) || next.Header.Sequence > last;
            _world.Check(isLater, $"call {next.Header.Sequence} started after call {last} on the same object");
            _lastStarted[key] = next.Header.Sequence;
            if (!next.IsGivenUp)
            {
                SimCall started = _world.Call(next.Header.DeadlineMilliseconds);
                _world.Check(!started.Started, $"call {started.Number} started twice");
                started.Started = true;
                Running.Add(next);
            }
        }
    }
}
