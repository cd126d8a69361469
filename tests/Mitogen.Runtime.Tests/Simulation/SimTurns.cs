using Mitogen.Framing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// How long frames of one child wait in a context for their way up, counted in frames of others: while something of a child waits, each
/// other child has one frame sent before it, and each stream of the context itself one.
/// </summary>
internal sealed class SimTurns(SimWorld world, uint self)
{
    private readonly Dictionary<uint, Branch> _branches = [];

    /// <summary>A frame came from a child that keeps the rules, and goes on to the parent.</summary>
    public void Came(uint child, uint source)
    {
        if (!_branches.TryGetValue(child, out Branch? branch))
        {
            _branches.Add(child, branch = new Branch());
        }

        if (branch.Waiting.Count == 0)
        {
            branch.Before.Clear();
        }

        branch.Waiting[source] = branch.Waiting.GetValueOrDefault(source) + 1;
    }

    /// <summary>A frame of a stream left for the parent.</summary>
    public void Left(in FrameHeader header)
    {
        uint child = world.Tree.ChildTowards(self, header.Source);
        Turn turn = child == 0 ? new(self, header.Stream, header.Destination, header.IsFromAcceptor) : new(child, 0, 0, false);
        foreach ((uint other, Branch branch) in _branches)
        {
            if (other == child)
            {
                branch.Before.Clear();
                branch.Leave(header.Source);
            }
            else if (branch.Waiting.Count > 0)
            {
                world.Check(
                    branch.Before.Add(turn),
                    $"in context {self} a frame of its child {other} waits behind two of {(child == 0 ? "one stream of its own" : $"its child {child}")}");
            }
        }
    }

    /// <summary>A context is gone, with what waited of it.</summary>
    public void Gone(uint source)
    {
        foreach (Branch branch in _branches.Values)
        {
            _ = branch.Waiting.Remove(source);
        }
    }

    /// <summary>What has one turn: all of a child's, or a stream of the context itself.</summary>
    private readonly record struct Turn(uint Context, ulong Stream, uint Destination, bool FromAcceptor);

    private sealed class Branch
    {
        // By source.
        public Dictionary<uint, int> Waiting { get; } = [];

        /// <summary>Who had a turn since this one had.</summary>
        public HashSet<Turn> Before { get; } = [];

        public void Leave(uint source)
        {
            int left = Waiting.GetValueOrDefault(source) - 1;
            if (left > 0)
            {
                Waiting[source] = left;
            }
            else
            {
                _ = Waiting.Remove(source);
            }
        }
    }
}
