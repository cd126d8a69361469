using System.Reflection;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>A deliberate fault of what holds calls.</summary>
internal enum HubFault
{
    None,

    /// <summary>A call that waits for one before it is not told that it was reset.</summary>
    KeepsHeldCalls,

    /// <summary>A call is taken for one of a chain whatever link it comes by.</summary>
    BelievesChains,
}

/// <summary>
/// The calls of one root under one seeded random: two children call the objects that they were given, far ahead of their turn, in chains of
/// their own and of others, and give the calls up again. No call starts but by the thread that is blocked in its chain, so that all that
/// is held is known at every step.
/// </summary>
internal sealed class SimHub : ICallHost, ILinkDriver, IBlockedThread
{
    private const int Children = 2;
    private const int Objects = 3;

    // The first piece of the arguments is a part of it.
    private const int BytesOfACall = MessageAssembler.FirstPiece;

    private static readonly RemoteContract s_contract = RemoteCatalog.Default.Find<IPrey>();
    private static readonly RemoteMethod s_blocking = s_contract.Methods.Single(m => m.Name.EndsWith("." + nameof(IPrey.Block), StringComparison.Ordinal));

    private static readonly FieldInfo s_handler = typeof(MuxStream).GetField("_handler", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Random _random;
    private readonly HubFault _fault;
    private readonly CallHub _hub;
    private readonly Link[] _links = new Link[Children];
    private readonly Account[] _accounts = new Account[Children];
    private readonly ulong[][] _objects = new ulong[Children][];

    // What the children have open that waits, and the chains that went out, by the link that they went by.
    private readonly Dictionary<(int Child, ulong Stream), Waiting> _waiting = [];
    private readonly List<(ChainId Chain, int Child)> _chains = [];
    private readonly HashSet<(int, ulong, ulong)> _used = [];
    private readonly byte[] _batch = new byte[2 * (FrameHeader.Size + FrameHeader.MaxBody)];
    private readonly List<IThreadPoolWorkItem> _joined = [];
    private ulong _stream;
    private int _posted;

    public SimHub(int seed, HubFault fault)
    {
        _random = new Random(seed);
        _fault = fault;
        _hub = new CallHub(IdLeases.Root, [], new KernelOptions { InitialWindow = 64 * 1024 }, this);
        using (HubLock locked = _hub.Enter())
        {
            for (int i = 0; i < Children; i++)
            {
                _links[i] = new Link(LinkRole.Child, IdOf(i), $"child {i}") { Driver = this };
                locked.Kernel.AddLink(_links[i]);
                _accounts[i] = locked.Kernel.AccountOf(IdOf(i))!;
                PeerObjects objects = _hub.Peers.Of(locked, IdOf(i)).Objects;
                _objects[i] = new ulong[Objects];
                for (int j = 0; j < Objects; j++)
                {
                    _objects[i][j] = objects.Export(locked, new Prey(), s_contract, isResult: false).Id;
                }

                // No thread is free: what is blocking waits, unless its chain has one.
                Check(_accounts[i].TryTake(Resource.Threads, _accounts[i].BoundOf(Resource.Threads)), "there are no threads");
            }
        }

        _hub.Served.Start();
    }

    /// <summary>How many calls joined a chain.</summary>
    public int Joined { get; private set; }

    /// <summary>How often the fault was at work.</summary>
    public int Hits { get; private set; }

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step();
            CheckHeld();
        }

        // A child is gone, and then the other: nothing is held for either.
        for (int i = 0; i < Children; i++)
        {
            using (HubLock locked = _hub.Enter())
            {
                locked.Kernel.LinkLost(_links[i], new DisconnectReason(DisconnectKind.LinkBroken, "The link was cut."));
                Check(_accounts[i].Held(Resource.Memory) == 0 && _accounts[i].Held(Resource.Parked) == 0, $"child {i} is gone, and something is held for it");
                Check(_accounts[i].Held(Resource.Streams) == 0, $"child {i} is gone, and has streams");
            }
        }

        using (HubLock locked = _hub.Enter())
        {
            Check(_hub.Peers.ExportCount == 0, "those who are gone have objects");
            foreach ((ChainId chain, int child) in _chains)
            {
                End(locked, chain, child);
            }
        }
    }

    private void Step()
    {
        int child = _random.Next(Children);
        switch (_random.Next(10))
        {
            case < 5:
                Call(child);
                break;
            case < 8:
                Reset();
                break;
            case 8:
                BeginChain(child);
                break;
            default:
                if (_chains.Count > 0)
                {
                    (ChainId chain, int by) = _chains[_random.Next(_chains.Count)];
                    _ = _chains.Remove((chain, by));
                    using (HubLock locked = _hub.Enter())
                    {
                        End(locked, chain, by);
                    }
                }

                break;
        }
    }

    /// <summary>A call leaves to a child, and a thread of this context waits for its answer.</summary>
    private void BeginChain(int child)
    {
        using (HubLock locked = _hub.Enter())
        {
            ChainId chain = locked.Chains.Mint();
            locked.Chains.Enter(chain, this);
            foreach (Link link in LinksOf(child))
            {
                locked.Chains.Sent(chain, chain, link);
            }

            _chains.Add((chain, child));
        }
    }

    private void End(in HubLock locked, ChainId chain, int child)
    {
        foreach (Link link in LinksOf(child))
        {
            locked.Chains.Ended(chain, chain, link);
        }

        locked.Chains.Leave(chain, this);
    }

    /// <summary>A call in a chain in its turn, or of any chain far ahead of it.</summary>
    private void Call(int child)
    {
        ulong target = _objects[child][_random.Next(Objects)];
        (ChainId chain, int by) = _chains.Count > 0 && _random.Next(2) == 0 ? _chains[_random.Next(_chains.Count)] : (default, -1);
        bool isInTurn = chain != default;
        ulong sequence = isInTurn ? Next(child, target) : (ulong)_random.Next(1_000_000, 1_000_000_000);
        if (!_used.Add((child, target, sequence)))
        {
            return;
        }

        byte[] arguments = HostileCaller.Data(0, _random.Next(3) == 0 ? _random.Next(30_000) : _random.Next(100));
        byte[] message = new byte[CallHeader.Size + arguments.Length];
        new CallHeader(s_contract.Id, target, sequence, chain, s_blocking.Id, 0, (uint)arguments.Length, 0).Write(message);
        arguments.CopyTo(message.AsSpan(CallHeader.Size));
        int posted = _posted;
        Hits += isInTurn && by != child && _fault == HubFault.BelievesChains ? 1 : 0;
        Feed(child, FrameKind.Open, FrameFlags.End, ++_stream, message);
        bool joins = isInTurn && by == child;
        Check(joins || _posted == posted, $"a call of child {child} joined a chain that went to child {by}");
        Check(!joins || _posted == posted + 1, $"a call of child {child} did not join the chain that went there");
        if (joins)
        {
            Joined++;
            return;
        }

        _waiting.Add((child, _stream), new Waiting(arguments.Length, isInTurn));
    }

    /// <summary>Gives a call up that waits.</summary>
    private void Reset()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        (int child, ulong stream) = _waiting.Keys.ElementAt(_random.Next(_waiting.Count));
        Waiting call = _waiting[(child, stream)];
        _ = _waiting.Remove((child, stream));
        if (_fault == HubFault.KeepsHeldCalls && !call.IsInTurn)
        {
            Hits++;
            using (HubLock locked = _hub.Enter())
            {
                s_handler.SetValue(locked.Kernel.Accepted.Single(s => s.Peer == IdOf(child) && s.Id == stream), null);
            }
        }

        Feed(child, FrameKind.Reset, FrameFlags.None, stream, [(byte)ResetCode.Cancelled]);
    }

    private void CheckHeld()
    {
        using (_hub.Enter())
        {
            for (int i = 0; i < Children; i++)
            {
                while (_links[i].Sender.Collect(_batch) > 0)
                {
                    // What is sent to the children comes to nothing.
                }

                Waiting[] waiting = [.. _waiting.Where(w => w.Key.Child == i).Select(w => w.Value)];
                long streams = _accounts[i].Held(Resource.Streams);
                long memory = _accounts[i].Held(Resource.Memory);
                Check(streams == waiting.Length, $"child {i} has {streams} calls, and {waiting.Length} that were not given up");
                long expected = waiting.Sum(w => (long)Math.Max(w.Bytes, BytesOfACall));
                Check(memory == expected, $"child {i} has calls of {expected} bytes that were not given up, and {memory} bytes are held for it");
                Check(_hub.Peers.ExportCount == Children * Objects, "an object is gone or came up");
            }
        }
    }

    private void Feed(int child, FrameKind kind, FrameFlags flags, ulong stream, ReadOnlySpan<byte> body)
    {
        byte[] frame = Frames.Of(new FrameHeader(body.Length, kind, flags, IdLeases.Root, IdOf(child), stream), body);
        List<IThreadPoolWorkItem> posted;
        using (HubLock locked = _hub.Enter())
        {
            _ = locked.Kernel.Receive(_links[child], frame);
            posted = [.. _joined];
            _joined.Clear();
        }

        // On the thread that is blocked: this one.
        posted.ForEach(p => p.Execute());
    }

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimViolation(otherwise);
        }
    }

    private static uint IdOf(int child) => IdLeases.Root + 1 + (uint)child;

    private Link[] LinksOf(int child) => _fault == HubFault.BelievesChains ? _links : [_links[child]];

    private ulong Next(int child, ulong target)
    {
        ulong next = 0;
        while (_used.Contains((child, target, next)))
        {
            next++;
        }

        return next;
    }

    void IBlockedThread.Post(IThreadPoolWorkItem item)
    {
        _posted++;
        _joined.Add(item);
    }

    void ILinkDriver.Wake()
    {
    }

    void ILinkDriver.Cut() => throw new SimViolation("a link was cut");

    string ICallHost.Path => "root";

    bool ICallHost.IsAbove(uint context) => context == IdLeases.Root;

    RemoteMethod? ICallHost.FindMethod(in HubLock locked, ulong contract, uint method) => contract == s_contract.Id ? s_contract.FindMethod(method) : null;

    bool ICallHost.MayCallService(in HubLock locked, uint caller, ulong contract) => false;

    ServiceTarget ICallHost.Resolve(uint caller, ulong contract) => throw new NotSupportedException("There are no services.");

    void ICallHost.OnContextGone(in HubLock locked, uint id, DisconnectReason reason)
    {
    }

    void ICallHost.OnGoodbye(in HubLock locked, Link link, TimeSpan grace)
    {
    }

    void ICallHost.OnDropped(in HubLock locked, Link link, in FrameHeader header, string why) => throw new SimViolation($"a frame was dropped: {why}");

    bool ICallHost.IsService(object instance) => false;

    ExclusiveGate? ICallHost.ExclusiveGateOf(object instance) => null;

    void ICallHost.OnPromiseFailed(RemoteMethod method, Exception error)
    {
    }

    void ICallHost.OnOneWayFailed(RemoteMethod method, Exception error)
    {
    }

    void ICallHost.OnPostsLost(string path, string contract, int count)
    {
    }

    void ICallHost.OnCallsWait(in HubLock locked, string path, in SlotWait wait, string oldest)
    {
    }

    void ICallHost.OnCallsHeldUp(in HubLock locked, RemoteMethod method, TimeSpan time, int waiting)
    {
    }

    void ICallHost.OnReleasesFailed(in HubLock locked, string path, int count, Exception? error)
    {
    }

    void ICallHost.OnCallbackFailed(Exception error) => throw new SimViolation($"a callback failed: {error}");

    void ICallHost.OnFailure(Exception error) => throw new SimViolation($"the hub failed: {error}");

    private sealed record Waiting(int Bytes, bool IsInTurn);
}
