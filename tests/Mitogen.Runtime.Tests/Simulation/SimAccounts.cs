using Mitogen.Multiplexing;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>What those below one context hold there: within the bounds of section 9 of the protocol at every step, and nothing at rest.</summary>
internal sealed class SimAccounts(SimWorld world, SimContext context, KernelOptions options)
{
    private static readonly Resource[] s_resources = Enum.GetValues<Resource>();

    // Of those that are gone too: what they held must be given back.
    private readonly HashSet<Account> _known = [];

    public void Check()
    {
        Dictionary<Account, int> streams = [];
        foreach (MuxStream stream in context.Kernel.Accepted)
        {
            for (Account? at = stream.Account; at is not null; at = at.Above)
            {
                streams[at] = streams.GetValueOrDefault(at) + 1;
            }
        }

        foreach (uint id in context.Kernel.Routes)
        {
            Account account = context.Kernel.AccountOf(id)!;
            _ = _known.Add(account);
            foreach (Resource what in s_resources)
            {
                long held = account.Held(what);
                long bound = BoundOf(account, what);
                world.Check(held >= 0 && held <= bound, $"context {context.Kernel.Self} holds {held} of {what} for {id}, whose bound is {bound}");
            }

            world.Check(
                account.Held(Resource.Streams) == streams.GetValueOrDefault(account),
                $"context {context.Kernel.Self} counts {account.Held(Resource.Streams)} streams of {id}, which has {streams.GetValueOrDefault(account)}");
        }
    }

    /// <summary>Nothing is held any more, for nobody. Dropped frames stay counted as long as the link is there.</summary>
    public void CheckRest()
    {
        foreach (Account account in _known)
        {
            foreach (Resource what in s_resources.Where(r => r != Resource.Dropped))
            {
                world.Check(account.Held(what) == 0, $"context {context.Kernel.Self} still holds {account.Held(what)} of {what} for {account.Owner}");
            }
        }
    }

    private long BoundOf(Account account, Resource what)
    {
        long sources = (4L * options.MaxOpenStreams) + 64;
        (long most, long least) = what switch
        {
            Resource.Streams => (options.MaxLinkStreams, sources),
            Resource.Memory => (options.MaxLinkMemory, options.MaxLinkMemory / 16),
            Resource.Parked => (options.MaxParkedCalls, options.MaxParkedCalls / 16),
            Resource.Threads => (options.MaxBlockingCalls, Math.Max(1, options.MaxBlockingCalls / 16)),
            Resource.Dropped => (options.MaxDroppedFrames, Math.Max(1, options.MaxDroppedFrames / 10)),
            _ => (4 * options.MaxForwardedBytes, options.MaxForwardedBytes),
        };
        long share = most;
        for (Account? above = account.Above; above is not null; above = above.Above)
        {
            share = what == Resource.Memory ? share / 4 * 3 : share / 4;
        }

        return Math.Max(share, Math.Min(least, most));
    }
}
