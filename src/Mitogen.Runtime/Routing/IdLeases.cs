namespace Mitogen.Routing;

/// <summary>The ids that a context may give to contexts that it starts, and the blocks that it may lease on.</summary>
/// <remarks>The root has all ids; everybody else asks its parent for blocks. Ids are never reused. Not thread-safe: its owner guards it.</remarks>
internal sealed class IdLeases
{
    /// <summary>The root's own id. 0 means "the other end of this link" on the wire.</summary>
    public const uint Root = 1;

    /// <summary>How many ids a child gets at a time.</summary>
    public const uint BlockSize = 64;

    private readonly Queue<IdBlock> _blocks = new();

    /// <summary>Adds ids to give away.</summary>
    public void Add(IdBlock block) => _blocks.Enqueue(block);

    /// <summary>Takes one id, if there is one.</summary>
    public bool TryTake(out uint id)
    {
        bool taken = TryTakeBlock(1, out IdBlock block);
        id = block.First;
        return taken;
    }

    /// <summary>Takes a block of consecutive ids, if there is one. A rest that is too small for it stays for smaller ones.</summary>
    public bool TryTakeBlock(uint count, out IdBlock block)
    {
        for (int i = _blocks.Count; i > 0; i--)
        {
            IdBlock first = _blocks.Dequeue();
            if (first.Count >= count)
            {
                block = first with { Count = count };
                if (first.Count > count)
                {
                    _blocks.Enqueue(new IdBlock(first.First + count, first.Count - count));
                }

                return true;
            }

            _blocks.Enqueue(first);
        }

        block = default;
        return false;
    }
}
