using System.Globalization;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>What the simulation found wrong.</summary>
internal sealed class SimViolation(string message) : Exception(message);

/// <summary>
/// A tree of contexts, real kernels joined by simulated links, under one seeded random: calls, cancels, answers, splits at every
/// byte, stalls, cuts and restarts. What must hold is checked at every step, and all the rest when it has come to rest.
/// </summary>
internal sealed class SimWorld
{
    // Small bounds, so that all of them are reached.
    private static readonly KernelOptions s_options = new()
    {
        InitialWindow = 1024,
        BulkWindow = 8 * 1024,
        MaxLinkCredit = 16 * 1024,
        MaxOpenStreams = 6,
        MaxMessageSize = 64 * 1024,
        MaxLinkStreams = 4096,
        MaxLinkMemory = 16 * 1024 * 1024,
        MaxParkedCalls = 1024,
        MaxBlockingCalls = 8,
        MaxDroppedFrames = 100,
    };

    // So small that contexts that keep the rules meet the bounds too: their calls may be refused, and nothing else.
    private static readonly KernelOptions s_tight = s_options with { MaxLinkStreams = 10, MaxLinkMemory = 256 * 1024 };

    private readonly Random _random;
    private readonly KernelOptions _bounds;
    private readonly byte[] _batch = new byte[2 * (FrameHeader.Size + FrameHeader.MaxBody)];
    private readonly List<SimContext> _contexts = [];
    private readonly List<SimPipe> _pipes = [];
    private readonly List<SimCall> _calls = [];
    private readonly HashSet<uint> _everDead = [];
    private readonly HashSet<uint> _cut = [];
    private readonly HashSet<(uint Callee, uint Caller, ulong Target)> _granted = [];
    private readonly List<uint> _ghosts = [];
    private readonly Dictionary<uint, SimContext> _living = [];

    /// <param name="seed">What decides everything.</param>
    /// <param name="fault">A deliberate fault.</param>
    /// <param name="hostile">Whether some of the contexts are hostile.</param>
    public SimWorld(int seed, SimFault? fault = null, bool hostile = false)
    {
        _random = new Random(seed);
        Fault = fault ?? SimFault.None();
        IsTight = hostile && seed % 2 == 1;
        _bounds = IsTight ? s_tight : s_options;
        _contexts.Add(Make(IdLeases.Root, null));
        int size = _random.Next(hostile ? 4 : 2, _random.Next(hostile ? 6 : 3, hostile ? 30 : 51));
        while (_contexts.Count < size)
        {
            AddChild(_contexts[_random.Next(Math.Max(0, _contexts.Count - 4), _contexts.Count)]);
        }

        for (int count = hostile ? _random.Next(1, 4) : 0; count > 0; count--)
        {
            Corrupt(_contexts[_random.Next(1, size)]);
        }

        // The tree is known before the first call; contexts that are added later are known when they are.
        for (bool moved = true; moved;)
        {
            moved = false;
            foreach (SimPipe pipe in _pipes)
            {
                moved |= Send(pipe) | Deliver(pipe, int.MaxValue);
            }
        }
    }

    public IReadOnlyList<SimCall> Calls => _calls;

    /// <summary>What is wrong on purpose.</summary>
    public SimFault Fault { get; }

    /// <summary>Who is where, and who is hostile.</summary>
    public SimTree Tree { get; } = new();

    /// <summary>Whether bounds are reached by contexts that keep the rules.</summary>
    public bool IsTight { get; }

    /// <summary>A kernel cut a link off, which is to be ended.</summary>
    public bool HasCutLinks { get; set; }

    /// <summary>What hostile contexts made up.</summary>
    public int HostileFrames { get; private set; }

    /// <summary>How many links were ended for what came by them.</summary>
    public int Violations { get; private set; }

    /// <summary>The time of all contexts, in steps.</summary>
    public long Now { get; private set; }

    public SimCall Call(uint number)
    {
        Check(number < _calls.Count, $"there is no call {number}");
        return _calls[(int)number];
    }

    public void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimViolation(otherwise);
        }
    }

    /// <summary>Frames that crossed the end of a context may be dropped, and those of hostile ones; nothing else is.</summary>
    public bool MayDrop(in FrameHeader header) =>
        Tree.IsTainted(header.Source) || Tree.IsTainted(header.Destination) || _everDead.Contains(header.Source) || _everDead.Contains(header.Destination) || header.Destination == 0;

    /// <summary>Whether a context may be gone: it is hostile or below one that is, or the simulation cut its way to the root.</summary>
    public bool MayBeGone(uint id) => Tree.IsTainted(id) || Tree.Line(id).Any(i => _cut.Contains(i) || _everDead.Contains(i));

    /// <summary>Whether a context may call an object of another one.</summary>
    public bool IsGranted(uint callee, uint caller, ulong target) => Tree.IsAbove(caller, callee) || _granted.Contains((callee, caller, target));

    /// <summary>A frame leaves its sender.</summary>
    public void Leaves(SimPipe pipe, in FrameHeader header, byte[] body)
    {
        SimContext from = pipe.From;
        if (!pipe.IsCut)
        {
            pipe.To.Hostile?.See(header, body);
        }

        if (from.IsTainted)
        {
            return;
        }

        if (Tree.HasHostile && SimRules.Forbid(Tree, from.Kernel.Self, pipe.To.Kernel.Self, header) is { } why)
        {
            Check(false, why);
        }

        bool isOwn = header.Source == from.Kernel.Self;
        if (header.Kind == FrameKind.Credit && isOwn)
        {
            from.Windows.Granted(header.Destination, header.Stream, header.IsFromAcceptor, BitConverter.ToInt32(body));
        }
        else if (Tree.HasHostile && pipe.To == from.Parent && header.Destination != 0 && (isOwn || from.Kernel.PlaceOf(header.Source) == Place.Below))
        {
            from.Turns.Left(header);
        }
    }

    /// <summary>Lives through a number of random steps, then comes to rest and checks that nothing is left.</summary>
    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Now++;
            Step();
            EndCutLinks();
            Ring();
            CheckBounds(i);
        }

        foreach (SimContext hostile in _contexts.Where(c => c.Hostile is not null))
        {
            hostile.Hostile!.IsQuiet = true;
        }

        ComeToRest();
        CheckCalls();
        if (Tree.HasHostile)
        {
            EndHostile();
            ComeToRest();
        }

        CheckRest();
    }

    private void Step()
    {
        if (Tree.HasHostile && _random.Next(5) == 0)
        {
            Attack(Pick(_pipes.Where(p => p.Hostile is not null && !p.IsCut)));
            return;
        }

        switch (_random.Next(100))
        {
            case < 22:
                StartCall();
                break;
            case < 26:
                if (Pick(_calls.Where(c => c.Outcome is null)) is { } call)
                {
                    call.Cancel();
                }

                break;
            case < 40:
                Answer(Pick(_contexts.Where(c => c.Running.Count > 0)));
                break;
            case < 62:
                Send(Pick(_pipes.Where(p => !p.IsStalled)));
                break;
            case < 96:
                Deliver(Pick(_pipes.Where(p => !p.IsStalled && !p.EndSeen)), SomeBytes());
                break;
            case < 98:
                if (Pick(_pipes) is { IsCut: false } pipe)
                {
                    pipe.IsStalled = !pipe.IsStalled;
                }

                break;
            case 98 when !Tree.HasHostile || _random.Next(4) == 0:
                CutOne();
                break;
            case 98:
                Withdraw();
                break;
            default:
                if (_contexts.Count < 50)
                {
                    AddChild(Pick(_contexts)!);
                }

                break;
        }
    }

    private int SomeBytes() => _random.Next(4) switch
    {
        0 => 1,
        1 => _random.Next(1, 40),
        2 => _random.Next(1, 2000),
        _ => int.MaxValue,
    };

    private T? Pick<T>(IEnumerable<T> from)
        where T : class
    {
        T[] all = [.. from];
        return all.Length == 0 ? null : all[_random.Next(all.Length)];
    }

    private void StartCall()
    {
        SimContext caller = Pick(_contexts)!;

        // Traffic is vertical. Nobody knows of a context before its route has come up: the answer that tells of it comes behind it.
        uint[] callees = [.. caller.Line.SkipLast(1), .. caller.Kernel.Routes];
        if (callees.Length == 0)
        {
            return;
        }

        uint callee = callees[_random.Next(callees.Length)];

        int length = _random.Next(10) switch
        {
            0 => _random.Next(20_000),
            1 => _random.Next(990, 1100),
            _ => _random.Next(100),
        };
        SimCall call = new(this, (uint)_calls.Count, caller, callee, (ulong)_random.Next(2), length);
        _calls.Add(call);
        if (Tree.IsAbove(callee, caller.Kernel.Self))
        {
            // It is passed to it in a call that nobody sees here.
            _ = _granted.Add((callee, caller.Kernel.Self, call.Target));
            _living.GetValueOrDefault(callee)?.Grant(caller.Kernel.Self, call.Target);
        }

        call.Send();
    }

    private void Answer(SimContext? context)
    {
        if (context is not null)
        {
            SimServed served = context.Running[_random.Next(context.Running.Count)];
            context.Answer(served, _random.Next(8) == 0 ? _random.Next(20_000) : _random.Next(100));
        }
    }

    private bool Send(SimPipe? pipe)
    {
        if (pipe is null || LinkOf(pipe.From, pipe.To) is not { IsClosed: false } link)
        {
            return false;
        }

        int count = link.Sender.Collect(_batch.AsSpan(0, _random.Next(FrameHeader.Size + FrameHeader.MaxBody, _batch.Length)));
        pipe.Add(_batch.AsSpan(0, count));
        return count > 0;
    }

    private bool Deliver(SimPipe? pipe, int most)
    {
        if (pipe is null || pipe.EndSeen)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = pipe.Take(most);
        if (bytes.Length > 0)
        {
            if (LinkOf(pipe.To, pipe.From) is { IsClosed: false } link && !pipe.To.IsDead)
            {
                Receive(pipe, link, bytes);
            }

            return true;
        }

        if (pipe.IsCut)
        {
            pipe.EndSeen = true;
            SeeEnd(pipe.To, pipe.From);
            return true;
        }

        return false;
    }

    private void Receive(SimPipe pipe, Link link, ReadOnlySpan<byte> bytes)
    {
        SimContext to = pipe.To;
        try
        {
            if (Fault.Door is not null && pipe.From.IsTainted)
            {
                ReceiveByDoor(pipe, link, bytes);
                return;
            }

            _ = to.Kernel.Receive(link, bytes);
        }
        catch (ProtocolBrokenException e)
        {
            EndLink(to, link, e.Message);
            return;
        }

        if (!Tree.HasHostile || pipe.From.IsTainted || pipe.To != pipe.From.Parent || to.Parent is null)
        {
            return;
        }

        while (pipe.Arrived.TryRead(ref bytes, out FrameHeader header, out _))
        {
            if (Tree.IsAbove(header.Destination, to.Kernel.Self) && to.Kernel.PlaceOf(header.Source) == Place.Below)
            {
                to.Turns.Came(pipe.From.Kernel.Self, header.Source);
            }
        }
    }

    private void ReceiveByDoor(SimPipe pipe, Link link, ReadOnlySpan<byte> bytes)
    {
        while (pipe.Arrived.TryRead(ref bytes, out FrameHeader header, out ReadOnlySpan<byte> body))
        {
            (Link by, FrameHeader taken) = Fault.Door!(Fault, this, pipe.To, link, header);
            byte[] frame = new byte[FrameHeader.Size + body.Length];
            taken.Write(frame);
            body.CopyTo(frame.AsSpan(FrameHeader.Size));
            if (!by.IsClosed)
            {
                _ = pipe.To.Kernel.Receive(by, frame);
            }
        }
    }

    /// <summary>A kernel says that its neighbour broke the protocol. Only a hostile one may have.</summary>
    private void EndLink(SimContext at, Link link, string why)
    {
        Check(at.IsTainted || Tree.IsTainted(link.Peer), $"context {at.Kernel.Self} ended its link to {link.Name}: {why}");
        Violations++;
        at.Kernel.LinkLost(link, new DisconnectReason(DisconnectKind.ProtocolBroken, why));
        Cut(at, at.Up == link ? at.Parent! : at.Down.Single(d => d.Value == link).Key);
    }

    private void EndCutLinks()
    {
        while (HasCutLinks)
        {
            HasCutLinks = false;
            foreach (SimContext context in _contexts.ToArray())
            {
                foreach (Link link in context.Kernel.Links.Where(l => l.Violation is not null).ToArray())
                {
                    EndLink(context, link, link.Violation!.Message);
                }
            }
        }
    }

    private void Ring()
    {
        foreach (SimContext context in _contexts)
        {
            if (context.AlarmAt <= Now)
            {
                context.AlarmAt = long.MaxValue;
                context.Kernel.OnAlarm();
            }
        }

        EndCutLinks();
    }

    /// <summary>A hostile context sends what nobody asked for.</summary>
    private void Attack(SimPipe? pipe)
    {
        if (pipe is not null)
        {
            int before = pipe.Hostile!.Made;
            pipe.Add(pipe.Hostile.Attack());
            HostileFrames += pipe.Hostile.Made - before;
        }
    }

    /// <summary>A context is hostile from the start, and has some ids to give.</summary>
    private void Corrupt(SimContext context)
    {
        if (context.Hostile is not null)
        {
            return;
        }

        Tree.Taint(context.Kernel.Self);
        uint[] ghosts = new uint[4];
        for (int i = 0; i < ghosts.Length; i++)
        {
            _ = _contexts[0].Kernel.Leases.TryTake(out ghosts[i]);
            Tree.Add(ghosts[i], context.Kernel.Self);
            Lease(ghosts[i], context);
        }

        _ghosts.AddRange(ghosts);
        context.Hostile = new SimHostile(_random, Tree, context.Kernel.Self, ghosts);
    }

    /// <summary>Leases an id to a context, and to all on the way to it.</summary>
    private static void Lease(uint id, SimContext to)
    {
        for (SimContext at = to; at.Parent is { } above; at = above)
        {
            above.Down[at].Leased.Add(new IdBlock(id, 1));
        }
    }

    /// <summary>Takes from a hostile context, or one below it, what it may call.</summary>
    private void Withdraw()
    {
        (uint callee, uint caller, ulong target)[] grants = [.. _granted.Where(g => Tree.IsTainted(g.Caller) && !Tree.IsTainted(g.Callee))];
        if (grants.Length > 0)
        {
            (uint callee, uint caller, ulong target) = grants[_random.Next(grants.Length)];
            _ = _granted.Remove((callee, caller, target));
            _living.GetValueOrDefault(callee)?.Withdraw(caller, target);
        }
    }

    /// <summary>At the end nothing is hostile any more: what others hold for those who were is given back.</summary>
    private void EndHostile()
    {
        foreach (SimContext context in _contexts.Where(c => c.IsTainted && c.Parent is { IsTainted: false }).ToArray())
        {
            Cut(context, context.Parent!);
        }
    }

    /// <summary>A context sees that a link has ended: a child ends with it, a parent tells everyone.</summary>
    private void SeeEnd(SimContext context, SimContext neighbour)
    {
        if (context.IsDead || LinkOf(context, neighbour) is not { } link)
        {
            return;
        }

        DisconnectReason reason = new(DisconnectKind.LinkBroken, "The link was cut.");
        context.Kernel.LinkLost(link, reason);
        if (context.Parent == neighbour)
        {
            Kill(context);
        }
    }

    private void CutOne()
    {
        if (Pick(_contexts.Where(c => c.Parent is not null)) is { } child)
        {
            _ = _cut.Add(child.Kernel.Self);
            Cut(child, child.Parent!);
        }
    }

    private void Cut(SimContext a, SimContext b)
    {
        foreach (SimPipe pipe in _pipes.Where(p => (p.From == a && p.To == b) || (p.From == b && p.To == a)))
        {
            if (!pipe.IsCut)
            {
                pipe.Cut(_random);
            }
        }
    }

    private void Kill(SimContext context)
    {
        Check(MayBeGone(context.Kernel.Self), $"context {context.Kernel.Self} has lost its parent");
        context.IsDead = true;
        _ = _living.Remove(context.Kernel.Self);
        _ = _everDead.Add(context.Kernel.Self);
        _ = _contexts.Remove(context);
        context.Running.Clear();
        foreach (SimCall call in _calls.Where(c => c.Caller == context))
        {
            call.Abandon();
        }

        foreach (SimContext child in context.Down.Keys)
        {
            Cut(child, context);
        }

        if (context.Parent is { } parent)
        {
            Cut(context, parent);
        }
    }

    private void AddChild(SimContext parent)
    {
        uint id = TakeId(parent);
        Tree.Add(id, parent.Kernel.Self);
        SimContext child = Make(id, parent);
        string name = id.ToString(CultureInfo.InvariantCulture);
        Link down = new(LinkRole.Child, id, name) { Driver = parent };
        child.Up = new Link(LinkRole.Parent, parent.Kernel.Self, $"parent of {name}") { Driver = child };
        parent.Down.Add(child, down);
        Lease(id, parent);
        child.Kernel.AddLink(child.Up);
        parent.Kernel.AddLink(down);
        _pipes.Add(new SimPipe(this, parent, child));
        _pipes.Add(new SimPipe(this, child, parent));
        _contexts.Add(child);
    }

    private uint TakeId(SimContext parent)
    {
        if (Fault.LeasesTwice && !parent.IsTainted && _ghosts.Count > 0)
        {
            uint ghost = _ghosts[^1];
            _ghosts.RemoveAt(_ghosts.Count - 1);
            Fault.Count();
            return ghost;
        }

        _ = _contexts[0].Kernel.Leases.TryTake(out uint id);
        return id;
    }

    private SimContext Make(uint id, SimContext? parent)
    {
        KernelOptions options = Fault.Options(_bounds);
        if (options != _bounds)
        {
            Fault.Count();
        }

        SimContext context = new(this, id, parent, _bounds, options);
        _living[id] = context;
        return context;
    }

    private static Link? LinkOf(SimContext context, SimContext neighbour) =>
        context.Parent == neighbour ? context.Up : context.Down.GetValueOrDefault(neighbour);

    private void CheckBounds(int step)
    {
        foreach (SimContext context in _contexts)
        {
            if (!context.IsTainted && (step + context.Kernel.Self) % (Tree.HasHostile ? 4 : 32) == 0)
            {
                context.Accounts.Check();
                context.Windows.CheckLinks();
            }

            foreach (Link link in context.Kernel.Links)
            {
                Check(link.ExtraCredit >= 0 && link.ExtraCredit <= _bounds.MaxLinkCredit, $"{link.ExtraCredit} bytes of extra credit on one link");
                Check(link.BytesOnTheirWay >= 0 && link.BytesOnTheirWay <= 4 * _bounds.MaxForwardedBytes, "more is on its way than any window allows");
            }
        }

        foreach (SimCall call in _calls)
        {
            if (call.Stream is { } stream)
            {
                Check(stream.Credit >= 0, $"call {call.Number} has a credit of {stream.Credit}");
                Check(stream.Window >= 0, $"call {call.Number} has a window of {stream.Window}");
            }
        }
    }

    /// <summary>No more calls and cuts: everything in flight arrives, and every started call is answered.</summary>
    private void ComeToRest()
    {
        _pipes.ForEach(p => p.IsStalled = false);
        for (int round = 0; ; round++)
        {
            Check(round < 10_000, "it does not come to rest");
            bool moved = false;
            foreach (SimPipe pipe in _pipes.ToArray())
            {
                moved |= Send(pipe);
                moved |= Deliver(pipe, SomeBytes());
                EndCutLinks();
            }

            foreach (SimContext context in _contexts.ToArray())
            {
                while (context.Running.Count > 0)
                {
                    Answer(context);
                    moved = true;
                }
            }

            if (!moved)
            {
                // Nothing happens any more before something is due.
                long due = _contexts.Min(c => c.AlarmAt);
                if (due == long.MaxValue)
                {
                    return;
                }

                Now = Math.Max(Now, due);
                Ring();
            }
        }
    }

    private void CheckCalls()
    {
        HashSet<uint> live = [.. _contexts.Select(c => c.Kernel.Self)];
        foreach (SimCall call in _calls.Where(c => c.IsTrusted))
        {
            Check(call.Outcome is not null, $"call {call.Number} from {call.Caller.Kernel.Self} to {call.Callee} never ended");
            Check(
                call.Outcome is not ("lost" or "reset" or "unreachable") || !live.Contains(call.Callee) || call.Caller.IsDead,
                $"call {call.Number} ended as {call.Outcome}, though context {call.Callee} is there");
        }

    }

    private void CheckRest()
    {
        foreach (SimContext context in _contexts)
        {
            Kernel kernel = context.Kernel;
            context.Accounts.CheckRest();
            Check(kernel.StreamCount == 0, $"context {kernel.Self} has {kernel.StreamCount} streams left");
            HashSet<uint> below = [.. _contexts.Where(c => IsBelow(c, context)).Select(c => c.Kernel.Self)];
            Check(below.SetEquals(kernel.Routes), $"context {kernel.Self} has routes to {string.Join(' ', kernel.Routes)}; below it are {string.Join(' ', below)}");
            Check(context.Gates.All(g => g.Parked == 0), $"context {kernel.Self} has calls that wait for one that never comes");
            foreach (Link link in kernel.Links)
            {
                Check(link.BytesOnTheirWay == 0, $"context {kernel.Self} still has frames to pass on");
                Check(!link.Sender.HasWork, $"context {kernel.Self} still has something to send");
                Check(link.ExtraCredit == 0, $"context {kernel.Self} still holds credit");
            }
        }
    }

    private static bool IsBelow(SimContext context, SimContext above)
    {
        for (SimContext? at = context.Parent; at is not null; at = at.Parent)
        {
            if (at == above)
            {
                return true;
            }
        }

        return false;
    }
}
