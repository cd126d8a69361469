using Mitogen.Calls;
using Mitogen.Routing;

namespace Mitogen.Contexts;

/// <content>Numbers for contexts: leased from the parent in blocks, given to children one by one or as blocks of their own.</content>
internal sealed partial class ContextNode
{
    /// <summary>Takes an id for a new context, asking the parent for more when there is none left.</summary>
    public async Task<uint> TakeIdAsync()
    {
        while (true)
        {
            using (HubLock locked = Hub.Enter())
            {
                if (locked.Kernel.Leases.TryTake(out uint id))
                {
                    return id;
                }
            }

            IdBlock block = await LeaseAsync().ConfigureAwait(false);
            using (HubLock locked = Hub.Enter())
            {
                locked.Kernel.Leases.Add(block);
            }
        }
    }

    /// <summary>Takes a block of ids for a child.</summary>
    public async Task<IdBlock> TakeBlockAsync(Link child)
    {
        IdBlock block;
        bool taken;
        using (HubLock locked = Hub.Enter())
        {
            // With those that are on their way to it.
            if (child.Leased.Count + child.IdsPromised >= MostLeased)
            {
                throw new InvalidOperationException(
                    $"'{child.Name}' has started as many contexts as the option MaxContextsPerChild ({Hub.Options.MaxLeasedIds}) allows at its depth ({MostLeased}).");
            }

            child.IdsPromised += IdLeases.BlockSize;
            taken = locked.Kernel.Leases.TryTakeBlock(IdLeases.BlockSize, out block);
        }

        try
        {
            if (!taken)
            {
                block = await LeaseAsync().ConfigureAwait(false);
            }
        }
        catch
        {
            using (Hub.Enter())
            {
                child.IdsPromised -= IdLeases.BlockSize;
            }

            throw;
        }

        using (Hub.Enter())
        {
            child.IdsPromised -= IdLeases.BlockSize;
            child.Leased.Add(block);
        }

        return block;
    }

    /// <summary>
    /// How many ids a child of this context gets: a quarter of what a child of the one above gets, so that this one's other children find
    /// some left when one of them takes all that it may; but enough for a line of contexts, of which each takes a block.
    /// </summary>
    private long MostLeased
    {
        get
        {
            long most = Hub.Options.MaxLeasedIds;
            return Math.Min(most, Math.Max(most >> (2 * Math.Min(_options.Ancestors.Count, 31)), Kernel.MaxDepth * IdLeases.BlockSize));
        }
    }

    private Task<IdBlock> LeaseAsync() => Parent is not null
        ? Parent.GetOwn<IParentContext>().LeaseAsync()
        : throw new InvalidOperationException("All context ids have been given away.");
}
