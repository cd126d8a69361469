using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>The chain of a call that came in, as it is called here. Guarded by the hub's lock until the method runs.</summary>
internal struct ServedChain
{
    private bool _standsForOther;

    /// <summary>The chain; zero: none.</summary>
    public ChainId Id { get; private set; }

    /// <summary>Whether the call is part of what its chain does here, and may go where that is.</summary>
    public bool MayJoin { get; private set; }

    /// <summary>Reads the chain that a call says it belongs to.</summary>
    /// <remarks>
    /// Who knows a chain's number was called in it, and need not be in it still. So a chain that comes from below joins what is at work here
    /// only where a call of it is under way down there. One that began down there goes on under a name of this context's own, and has its
    /// own again when it comes back to the caller.
    /// </remarks>
    /// <param name="locked">The lock.</param>
    /// <param name="said">The chain, as the caller calls it.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="from">The link by which the call came.</param>
    public void Begin(in HubLock locked, ChainId said, uint caller, Link? from)
    {
        Id = said;
        MayJoin = true;
        if (from is not { Role: LinkRole.Child })
        {
            return;
        }

        ChainId joined = default;
        MayJoin = said != default && locked.Chains.MayComeBack(said, from, out joined);
        _standsForOther = !MayJoin && said != default && locked.Kernel.RouteTo(said.Context) == from;
        Id = MayJoin ? joined : _standsForOther ? locked.Chains.Begin(said, caller) : default;
    }

    /// <summary>A call without a chain begins one.</summary>
    public void BeginIfNone(in HubLock locked)
    {
        if (Id == default)
        {
            Id = locked.Chains.Mint();
        }
    }

    /// <summary>The call has ended.</summary>
    public void End(in HubLock locked)
    {
        if (_standsForOther)
        {
            locked.Chains.Forget(Id);
        }

        this = default;
    }
}
