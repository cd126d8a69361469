using Mitogen.Calls;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Routing;

public sealed class KeyHashTests
{
    [Fact]
    public void Keys_that_the_plain_hash_throws_together_are_spread()
    {
        // The hash of a ulong is the same for all of these.
        ulong[] keys = [.. Enumerable.Range(0, 10_000).Select(i => ((ulong)i << 32) | (uint)i)];
        Assert.Single(keys.Select(k => k.GetHashCode()).Distinct());

        Assert.True(keys.Select(KeyHash.Instance.GetHashCode).Distinct().Count() > 9_900);
        Assert.True(keys.Select(k => KeyHash.Instance.GetHashCode((k, 1))).Distinct().Count() > 9_900);
        Assert.True(keys.Select(k => KeyHash.Instance.GetHashCode((1, k))).Distinct().Count() > 9_900);
        Assert.True(keys.Select(k => new ChainId(2, k).GetHashCode()).Distinct().Count() > 9_900);
        Assert.True(keys.Select(k => new FlowKey(2, 1, k, true).GetHashCode()).Distinct().Count() > 9_900);
    }
}
