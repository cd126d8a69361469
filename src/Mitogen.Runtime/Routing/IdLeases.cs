namespace Mitogen.Routing;

/// <summary>The ids that a context may give to contexts that it starts, and the blocks that it may lease on.</summary>
/// <remarks>The root has all ids; everybody else asks its parent for blocks. Ids are never reused. Guarded by the kernel's lock.</remarks>
internal sealed class IdLeases
{
    /// <summary>The root's own id. 0 means "the other end of this link" on the wire.</summary>
    public const uint Root = 1;

    /// <summary>How many ids a child gets at a time.</summary>
    public const uint BlockSize = 64;

    private readonly Queue<IdBlock> _blocks = new();
    private uint _next;
    private uint _end;

    /// <summary>Adds ids to give away.</summary>
    public void Add(IdBlock block) => _blocks.Enqueue(block);

    /// <summary>Takes one id, if there is one.</summary>
    public bool TryTake(out uint id)
    {
        if (_next == _end && _blocks.TryDequeue(out IdBlock block))
        {
            _next = block.First;
            _end = block.First + block.Count;
        }

        if (_next == _end)
        {
            id = 0;
            return false;
        }

        id = _next++;
        return true;
    }

    /// <summary>Takes a block of ids, all from one run, if there is one.</summary>
    public bool TryTakeBlock(uint count, out IdBlock block)
    {
        if (_end - _next >= count)
        {
            block = new IdBlock(_next, count);
            _next += count;
            return true;
        }

        if (_blocks.TryPeek(out IdBlock next) && next.Count == count)
        {
            block = _blocks.Dequeue();
            return true;
        }

        block = default;
        return false;
    }
}
