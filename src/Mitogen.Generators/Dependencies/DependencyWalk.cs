namespace Mitogen.Generators.Dependencies;

/// <summary>Computes fingerprints: names that lead to each other have one (Tarjan's strongly connected components).</summary>
/// <remarks>Without recursion: a chain of names may be as long as a program.</remarks>
internal sealed class DependencyWalk(Func<DependencyNode, DependencyNode[]> next)
{
    private readonly Stack<DependencyNode> _path = new();
    private readonly Stack<DependencyNode> _open = new();
    private int _count;

    public Fingerprint Of(DependencyNode root)
    {
        if (root.Whole is null)
        {
            Enter(root);
            while (_path.Count > 0)
            {
                Step(_path.Peek());
            }
        }

        return root.Whole!.Value;
    }

    private void Step(DependencyNode at)
    {
        while (at.Cursor < at.Next!.Length)
        {
            DependencyNode next = at.Next[at.Cursor++];
            if (next.Index < 0)
            {
                Enter(next);
                return;
            }

            if (next.IsOpen)
            {
                at.Low = Math.Min(at.Low, next.Index);
            }
        }

        _path.Pop();
        if (_path.Count > 0)
        {
            _path.Peek().Low = Math.Min(_path.Peek().Low, at.Low);
        }

        if (at.Low == at.Index)
        {
            Close(at);
        }
    }

    private void Enter(DependencyNode node)
    {
        node.Next = next(node);
        node.Index = node.Low = _count++;
        node.IsOpen = true;
        _path.Push(node);
        _open.Push(node);
    }

    private void Close(DependencyNode first)
    {
        List<DependencyNode> members = [];
        do
        {
            members.Add(_open.Pop());
        }
        while (members[members.Count - 1] != first);

        ulong text = 0, place = 0;
        foreach (DependencyNode member in members)
        {
            Include(member.Own, ref text, ref place);
            foreach (DependencyNode next in member.Next!)
            {
                // Those without are members, too.
                if (next.Whole is { } whole)
                {
                    Include(whole, ref text, ref place);
                }
            }
        }

        foreach (DependencyNode member in members)
        {
            member.IsOpen = false;
            member.Whole = new(StableHash.Mix(text), StableHash.Mix(place));
        }
    }

    private static void Include(Fingerprint part, ref ulong text, ref ulong place)
    {
        text = unchecked(text + StableHash.Mix(part.Text));
        place = unchecked(place + StableHash.Mix(part.Place));
    }
}
