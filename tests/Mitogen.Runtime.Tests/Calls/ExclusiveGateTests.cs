using Mitogen.Calls;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class ExclusiveGateTests
{
    private static readonly ChainId s_chain = new(1, 1);
    private static readonly ChainId s_other = new(1, 2);

    private readonly ExclusiveGate _gate = new();
    private readonly List<string> _resumed = [];
    private ulong _chains;

    [Fact]
    public void One_is_let_in_and_the_others_in_the_order_in_which_they_came()
    {
        Assert.True(_gate.TryEnter(Entry("first")));
        Assert.False(_gate.TryEnter(Entry("second")));
        Assert.False(_gate.TryEnter(Entry("third")));
        Assert.Empty(_resumed);

        _gate.Leave();
        Assert.Equal(["second"], _resumed);
        Assert.False(_gate.TryEnter(Entry("fourth")));
        _gate.Leave();
        _gate.Leave();

        Assert.Equal(["second", "third", "fourth"], _resumed);
        _gate.Leave();
        Assert.True(_gate.TryEnter(Entry("fifth")));
    }

    [Fact]
    public void What_is_part_of_the_chain_inside_is_let_in_and_holds_the_service_until_it_has_left_too()
    {
        Assert.True(_gate.TryEnter(Entry("outer", s_chain)));
        Assert.False(_gate.TryEnter(Entry("another", s_other)));
        Assert.True(_gate.TryEnter(Entry("inner", s_chain)));

        _gate.Leave();
        Assert.Empty(_resumed);
        _gate.Leave();

        Assert.Equal(["another"], _resumed);
    }

    [Fact]
    public void What_only_says_that_it_is_part_of_the_chain_waits()
    {
        Assert.True(_gate.TryEnter(Entry("inside", s_chain)));
        Assert.False(_gate.TryEnter(Entry("forged", s_chain, mayJoin: false)));

        _gate.Leave();

        Assert.Equal(["forged"], _resumed);
    }

    [Fact]
    public void The_chain_of_one_that_was_let_in_later_is_the_one_that_holds_the_service()
    {
        Assert.True(_gate.TryEnter(Entry("first", s_chain)));
        Assert.False(_gate.TryEnter(Entry("second", s_other)));
        _gate.Leave();

        Assert.False(_gate.TryEnter(Entry("late", s_chain)));
        Assert.True(_gate.TryEnter(Entry("inner", s_other)));
    }

    [Fact]
    public async Task Who_awaits_it_goes_on_when_the_service_is_free()
    {
        Assert.True(_gate.EnterAsync(s_chain, mayJoin: true).IsCompleted);
        Task second = _gate.EnterAsync(s_other, mayJoin: true);
        Assert.True(_gate.EnterAsync(s_chain, mayJoin: true).IsCompleted);
        _gate.Leave();
        Assert.False(second.IsCompleted);

        _gate.Leave();

        await second.InTimeAsync();
    }

    private Waiting Entry(string name, ChainId? chain = null, bool mayJoin = true) => new(name, chain ?? new ChainId(2, ++_chains), mayJoin, _resumed);

    private sealed class Waiting(string name, ChainId chain, bool mayJoin, List<string> resumed) : IExclusiveEntry
    {
        public ChainId Chain => chain;

        public bool MayJoin => mayJoin;

        public void Resume() => resumed.Add(name);
    }
}
