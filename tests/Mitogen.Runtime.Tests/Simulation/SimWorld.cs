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
    };

    private readonly Random _random;
    private readonly SimFault _fault;
    private readonly byte[] _batch = new byte[2 * (FrameHeader.Size + FrameHeader.MaxPayload)];
    private readonly List<SimContext> _contexts = [];
    private readonly List<SimPipe> _pipes = [];
    private readonly List<SimCall> _calls = [];
    private readonly HashSet<uint> _everDead = [];

    public SimWorld(int seed, SimFault? fault = null)
    {
        _random = new Random(seed);
        _fault = fault ?? SimFault.None;
        _contexts.Add(new SimContext(this, IdLeases.Root, null, s_options));
        int size = _random.Next(2, _random.Next(3, 51));
        while (_contexts.Count < size)
        {
            AddChild(_contexts[_random.Next(Math.Max(0, _contexts.Count - 4), _contexts.Count)]);
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

    /// <summary>Frames that crossed the end of a context may be dropped; nothing else is.</summary>
    public bool MayDrop(in FrameHeader header) => _everDead.Contains(header.Source) || _everDead.Contains(header.Destination) || header.Destination == 0;

    /// <summary>Lives through a number of random steps, then comes to rest and checks that nothing is left.</summary>
    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Now++;
            Step();
            CheckBounds();
        }

        ComeToRest();
        CheckRest();
    }

    private void Step()
    {
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
            case 98:
                CutOne();
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
        call.Send();
    }

    private void Answer(SimContext? context)
    {
        if (context is not null)
        {
            SimServed served = context.Running[_random.Next(context.Running.Count)];
            _ = context.Running.Remove(served);
            served.Answer(_random.Next(8) == 0 ? _random.Next(20_000) : _random.Next(100));
        }
    }

    private bool Send(SimPipe? pipe)
    {
        if (pipe is null || LinkOf(pipe.From, pipe.To) is not { IsClosed: false } link)
        {
            return false;
        }

        int count = link.Sender.Collect(_batch.AsSpan(0, _random.Next(FrameHeader.Size + FrameHeader.MaxPayload, _batch.Length)));
        pipe.Add(_batch.AsSpan(0, count));
        return count > 0;
    }

    private bool Deliver(SimPipe? pipe, int most)
    {
        if (pipe is null || pipe.EndSeen)
        {
            return false;
        }

        Link? link = LinkOf(pipe.To, pipe.From);
        byte[] bytes = pipe.Take(most);
        if (bytes.Length > 0)
        {
            if (link is { IsClosed: false } && !pipe.To.IsDead)
            {
                pipe.To.Kernel.Receive(link, bytes);
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
        context.IsDead = true;
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
        _ = _contexts[0].Kernel.Leases.TryTake(out uint id);
        SimContext child = new(this, id, parent, s_options);
        for (SimContext at = parent; at.Parent is { } above; at = above)
        {
            above.Down[at].Leased.Add(new IdBlock(id, 1));
        }

        string name = id.ToString(CultureInfo.InvariantCulture);
        Link down = new(LinkRole.Child, id, name) { Driver = parent };
        child.Up = new Link(LinkRole.Parent, parent.Kernel.Self, $"parent of {name}") { Driver = child };
        parent.Down.Add(child, down);
        child.Kernel.AddLink(child.Up);
        parent.Kernel.AddLink(down);
        _pipes.Add(new SimPipe(parent, child, _fault));
        _pipes.Add(new SimPipe(child, parent, _fault));
        _contexts.Add(child);
    }

    private static Link? LinkOf(SimContext context, SimContext neighbour) =>
        context.Parent == neighbour ? context.Up : context.Down.GetValueOrDefault(neighbour);

    private void CheckBounds()
    {
        foreach (SimContext context in _contexts)
        {
            foreach (Link link in context.Kernel.Links)
            {
                Check(link.ExtraCredit >= 0 && link.ExtraCredit <= s_options.MaxLinkCredit, $"{link.ExtraCredit} bytes of extra credit on one link");
                Check(link.BytesOnTheirWay >= 0 && link.BytesOnTheirWay <= 4 * s_options.MaxForwardedBytes, "more is on its way than any window allows");
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
                return;
            }
        }
    }

    private void CheckRest()
    {
        HashSet<uint> live = [.. _contexts.Select(c => c.Kernel.Self)];
        foreach (SimCall call in _calls)
        {
            Check(call.Outcome is not null, $"call {call.Number} from {call.Caller.Kernel.Self} to {call.Callee} never ended");
            Check(
                call.Outcome is not ("lost" or "reset" or "unreachable") || !live.Contains(call.Callee) || call.Caller.IsDead,
                $"call {call.Number} ended as {call.Outcome}, though context {call.Callee} is there");
        }

        foreach (SimContext context in _contexts)
        {
            Kernel kernel = context.Kernel;
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
