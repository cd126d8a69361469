namespace Mitogen.Routing;

/// <summary>The ids that were leased to a child: only these may come up behind it, each of them once.</summary>
/// <remarks>Not thread-safe: its owner guards it.</remarks>
internal sealed class LeasedIds
{
    // In the order of their first ids.
    private readonly List<Block> _blocks = [];

    /// <summary>How many ids were leased.</summary>
    public long Count { get; private set; }

    public void Add(IdBlock ids)
    {
        int index = IndexOf(ids.First) + 1;
        _blocks.Insert(index, new Block(ids, new ulong[(ids.Count + 63) / 64]));
        Count += ids.Count;
    }

    public bool Contains(uint id) => IndexOf(id) is >= 0 and var index && _blocks[index].Ids.Contains(id);

    /// <summary>Gives an id to a context.</summary>
    /// <returns>False when it was not leased, or given to a context before.</returns>
    public bool TryUse(uint id)
    {
        if (!Contains(id))
        {
            return false;
        }

        Block block = _blocks[IndexOf(id)];
        uint place = id - block.Ids.First;
        ref ulong used = ref block.Used[place / 64];
        bool isFree = (used & (1UL << (int)(place % 64))) == 0;
        used |= 1UL << (int)(place % 64);
        return isFree;
    }

    /// <summary>The last block that begins at the id or before it; -1 if none does.</summary>
    private int IndexOf(uint id)
    {
        int low = 0;
        int high = _blocks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_blocks[middle].Ids.First <= id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private readonly record struct Block(IdBlock Ids, ulong[] Used);
}
