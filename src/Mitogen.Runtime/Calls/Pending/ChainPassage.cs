using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>The link by which a call of a chain has gone down, for as long as the call lasts. Guarded by the hub's lock.</summary>
internal struct ChainPassage
{
    private Link? _link;
    private ChainId _chain;
    private ChainId _name;

    /// <summary>A call of a chain leaves.</summary>
    /// <returns>The name of the chain where the call goes.</returns>
    public ChainId Begin(in HubLock locked, ChainId chain, uint context, MuxStream stream)
    {
        ChainId name = locked.Chains.NameOf(chain, context, locked.Kernel);
        if (stream.Link is Link { Role: LinkRole.Child } link)
        {
            (_link, _chain, _name) = (link, chain, name);
            locked.Chains.Sent(chain, name, link);
        }

        return name;
    }

    /// <summary>The call has ended, if it had left.</summary>
    public void End(in HubLock locked)
    {
        if (_link is { } link)
        {
            locked.Chains.Ended(_chain, _name, link);
            this = default;
        }
    }
}
