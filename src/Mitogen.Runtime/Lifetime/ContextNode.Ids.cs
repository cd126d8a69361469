using Mitogen.Routing;
using Mitogen.Services;

namespace Mitogen.Lifetime;

/// <content>Numbers for contexts: leased from the parent in blocks, given to children one by one or as blocks of their own.</content>
internal sealed partial class ContextNode
{
    /// <summary>Takes an id for a new context, asking the parent for more when there is none left.</summary>
    public async Task<uint> TakeIdAsync()
    {
        while (true)
        {
            using (Hub.Enter())
            {
                if (Hub.Kernel.Leases.TryTake(out uint id))
                {
                    return id;
                }
            }

            IdBlock block = await LeaseAsync().ConfigureAwait(false);
            using (Hub.Enter())
            {
                Hub.Kernel.Leases.Add(block);
            }
        }
    }

    /// <summary>Takes a block of ids for a child.</summary>
    public async Task<IdBlock> TakeBlockAsync(Link child)
    {
        IdBlock block;
        bool taken;
        using (Hub.Enter())
        {
            if (child.Leased.Sum(b => b.Count) >= Hub.Options.MaxLeasedIds)
            {
                throw new InvalidOperationException(
                    $"'{child.Name}' has started as many contexts as the option MaxContextsPerChild allows ({Hub.Options.MaxLeasedIds}).");
            }

            taken = Hub.Kernel.Leases.TryTakeBlock(IdLeases.BlockSize, out block);
        }

        if (!taken)
        {
            block = await LeaseAsync().ConfigureAwait(false);
        }

        using (Hub.Enter())
        {
            child.Leased.Add(block);
        }

        return block;
    }

    private Task<IdBlock> LeaseAsync() => Parent is not null
        ? Parent.GetOwn<IParentContext>().LeaseAsync()
        : throw new InvalidOperationException("All context ids have been given away.");
}
