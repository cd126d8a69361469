using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>Who breaks the protocol loses its own link; those on the way to it, and beside it, lose nothing.</summary>
public sealed class OffenceTests
{
    private static readonly KernelOptions s_options = new() { InitialWindow = 1024, MaxLinkCredit = 16 * 1024, MaxOpenStreams = 16, MaxDroppedFrames = 40 };

    private readonly KernelTree _tree = new(s_options);
    private readonly KernelPeer _middle;
    private readonly KernelPeer _hostile;
    private readonly KernelPeer _below;
    private readonly KernelPeer _good;

    public OffenceTests()
    {
        _middle = _tree.AddLine(1);
        _hostile = _tree.Add(_middle);
        _below = _tree.Add(_hostile);
        _good = _tree.Add(_middle);
    }

    [Fact]
    public void One_further_down_is_lost_and_expelled_where_it_is_linked()
    {
        OpenedStream toHostile = _tree.Root.Open(_hostile, WishMessage.Make(Wish.Take, 0, 100_000));
        OpenedStream toBelow = _tree.Root.Open(_below, WishMessage.Make(Wish.Take, 0, 100_000));
        OpenedStream toGood = _tree.Root.Open(_good, WishMessage.Make(Wish.Take, 0, 100_000));
        _tree.Settle();

        _tree.Root.Kernel.Offend(_hostile.Id, "It did what it may not.");
        Assert.Null(toHostile.Lost); // not under the feet of who found it out
        _tree.Pass(0);
        Assert.Equal("It did what it may not.", toHostile.Lost?.Message);
        Assert.Equal(DisconnectKind.ProtocolBroken, toHostile.Lost?.Kind);
        Assert.Equal(DisconnectKind.AncestorLost, toBelow.Lost?.Kind);
        _tree.Settle();

        Assert.True(_tree[_middle, _hostile].IsClosed);
        Assert.Contains("It did what it may not.", _middle.Gone[_hostile.Id].Message, StringComparison.Ordinal);
        _tree.Pass(60_000);
        Assert.False(_tree[_tree.Root, _middle].IsClosed);
        CheckGood(toGood);
        Assert.Equal(0, _tree.Root.Dropped);
    }

    [Fact]
    public void What_still_comes_of_it_is_ignored()
    {
        _tree.Stall(_tree.Root, _middle);
        _tree.Root.Kernel.Offend(_hostile.Id, "It did what it may not.");
        _tree.Pass(0);
        int served = _tree.Root.Served.Count;
        for (int i = 0; i < 1000; i++)
        {
            _ = _hostile.Open(_tree.Root, WishMessage.Make(Wish.Answer, 1), kind: StreamClass.Own);
            _ = _below.Open(_tree.Root, WishMessage.Make(Wish.Answer, 1), kind: StreamClass.Own);
        }

        KernelPeer later = _tree.Add(_below);
        _ = later.Open(_tree.Root, WishMessage.Make(Wish.Answer, 1));
        _tree.Settle();

        Assert.Equal(served, _tree.Root.Served.Count);
        Assert.Equal(0, _tree.Root.Dropped);
        Assert.Equal(Place.Unknown, _tree.Root.Kernel.PlaceOf(later.Id));
    }

    [Fact]
    public void A_context_on_the_way_that_does_not_expel_it_is_cut_off_when_the_patience_is_over()
    {
        _tree.Stall(_middle, _tree.Root); // it never says that the other is gone
        _tree.Root.Kernel.Offend(_hostile.Id, "It did what it may not.");
        _tree.Pass(0);
        _tree.Settle();

        _tree.Pass(9_999);
        Assert.False(_tree[_tree.Root, _middle].IsClosed);
        _tree.Pass(1);
        Assert.True(_tree[_tree.Root, _middle].IsClosed);
        Assert.Contains($"{_hostile.Id}", _tree.Root.Gone[_middle.Id].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lower_one_on_the_way_goes_first()
    {
        // The hostile one is on the way to the offender below it, and does not heed.
        _tree.Stall(_middle, _hostile);
        _tree.Root.Kernel.Offend(_below.Id, "It did what it may not.");
        _tree.Pass(0);
        _tree.Settle();
        _tree.Pass(5_000);
        _tree.Settle();

        Assert.True(_tree[_middle, _hostile].IsClosed);
        _tree.Pass(60_000);
        Assert.False(_tree[_tree.Root, _middle].IsClosed);
        CheckGood(_tree.Root.Open(_good, WishMessage.Make(Wish.Take, 0, 100_000)));
    }

    [Fact]
    public void A_child_may_not_expel()
    {
        _tree.Inject(_middle, _tree.Root, new FrameHeader(8, FrameKind.Expel, FrameFlags.None, 0, _middle.Id, 0), [(byte)_good.Id, 0, 0, 0, 0, 0, 0, 0]);

        Assert.True(_tree[_tree.Root, _middle].IsClosed);
    }

    [Fact]
    public void One_that_sends_where_it_may_not_by_way_of_a_hostile_middle_costs_that_its_link()
    {
        // The middle let through what it should have dropped; for the root it is the one below that sent it.
        for (int i = 0; i < 11; i++)
        {
            _tree.Inject(_middle, _tree.Root, new FrameHeader(0, FrameKind.Data, FrameFlags.None, 4711, _hostile.Id, 1));
        }

        Assert.Equal(Place.Unknown, _tree.Root.Kernel.PlaceOf(_hostile.Id));
        Assert.False(_tree[_tree.Root, _middle].IsClosed);
        Assert.Equal(0, _tree.Root.Kernel.AccountOf(_middle.Id)!.Held(Resource.Dropped));

        for (int i = 0; i < 41; i++)
        {
            _tree.Inject(_middle, _tree.Root, new FrameHeader(0, FrameKind.Data, FrameFlags.None, 4711, 4711, 1));
        }

        Assert.True(_tree[_tree.Root, _middle].IsClosed);
    }

    [Fact]
    public void More_on_the_way_than_may_be_costs_the_branch_that_holds_the_most_of_it()
    {
        // The link upward stands still. Both branches send; one of them all that it can, by many contexts.
        _tree.Stall(_middle, _tree.Root);
        OpenedStream good = _good.Open(_tree.Root, WishMessage.Make(Wish.Take, 0, 100_000));
        KernelPeer[] many = [.. Enumerable.Range(0, 5).Select(_ => _tree.Add(_hostile))];
        _tree.Settle();
        long most = 0;
        for (ulong stream = 0; stream < 5 * (ulong)s_options.MaxForwardedBytes / ForwardFlow.Overhead; stream++)
        {
            _tree.Inject(_hostile, _middle, new FrameHeader(0, FrameKind.Data, FrameFlags.None, 1, many[stream % 5].Id, stream));
            most = Math.Max(most, _tree[_middle, _hostile].BytesOnTheirWay);
        }

        Assert.InRange(most, s_options.MaxForwardedBytes, 4 * s_options.MaxForwardedBytes);
        Assert.All(many, m => Assert.Equal(Place.Unknown, _middle.Kernel.PlaceOf(m.Id)));
        Assert.Equal(Place.Below, _middle.Kernel.PlaceOf(_hostile.Id));
        Assert.False(_tree[_middle, _good].IsClosed);
        Assert.InRange(_middle.Kernel.BytesOnTheirWay, 1, s_options.MaxForwardedBytes);
        _tree.Stall(_middle, _tree.Root, stalled: false);
        CheckGood(good);
    }

    [Fact]
    public void Who_gives_credit_and_does_not_take_what_it_allows_is_cut_off()
    {
        _tree.Stall(_middle, _hostile);
        OpenedStream toHostile = _tree.Root.Open(_hostile, WishMessage.Make(Wish.Take, 0, (int)(20 * s_options.MaxForwardedBytes)));
        OpenedStream toGood = _tree.Root.Open(_good, WishMessage.Make(Wish.Take, 0, 100_000));
        _tree.Inject(
            _hostile, _middle, new FrameHeader(4, FrameKind.Credit, FrameFlags.FromAcceptor, _tree.Root.Id, _hostile.Id, toHostile.Stream.Id),
            BitConverter.GetBytes(1_000_000_000));
        long most = 0;
        while (_tree.Turn())
        {
            most = Math.Max(most, _middle.Kernel.BytesOnTheirWay);
        }

        Assert.True(_tree[_middle, _hostile].IsClosed);
        Assert.Contains("without being taken", _middle.Gone[_hostile.Id].Message, StringComparison.Ordinal);
        Assert.InRange(most, s_options.MaxForwardedBytes, 5 * s_options.MaxForwardedBytes);
        Assert.Equal(0, _middle.Kernel.BytesOnTheirWay);
        Assert.NotNull(toHostile.Lost);
        Assert.False(_tree[_tree.Root, _middle].IsClosed);
        CheckGood(toGood);
    }

    [Fact]
    public void The_bound_that_several_share_is_charged_to_the_heaviest()
    {
        // Four branches fill what the link may hold; the frame that does not fit is the good one's.
        KernelPeer[] branches = [_hostile, .. Enumerable.Range(0, 3).Select(_ => _tree.Add(_middle))];
        foreach (KernelPeer branch in branches)
        {
            Account account = _tree.Root.Kernel.AccountOf(branch.Id)!;
            Assert.True(account.TryTake(Resource.Parked, account.BoundOf(Resource.Parked) - (branch == branches[2] ? 0 : 1)));
        }

        Account own = _tree.Root.Kernel.AccountOf(_good.Id)!;
        Assert.False(own.TryTake(Resource.Parked, 100));
        _tree.Root.Kernel.Exceed(own, Resource.Parked, 100, "Too much is parked.");
        _tree.Pass(0);

        Assert.Equal(Place.Unknown, _tree.Root.Kernel.PlaceOf(branches[2].Id));
        Assert.Equal(Place.Below, _tree.Root.Kernel.PlaceOf(_good.Id));
        Assert.Equal(Place.Below, _tree.Root.Kernel.PlaceOf(_middle.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_child_that_takes_no_refusals_and_no_credit_is_cut_off_itself(bool credit)
    {
        _tree.Stall(_tree.Root, _middle);
        byte[] message = WishMessage.Make(Wish.Take, long.MaxValue, 1024);
        int i = 0;
        for (; i < 100_000 && !_tree[_tree.Root, _middle].IsClosed; i++)
        {
            FrameHeader header = credit && i > 0
                ? new(1024, FrameKind.Data, FrameFlags.None, 1, _good.Id, 1)
                : new(1024, FrameKind.Open, FrameFlags.None, 1, credit ? _good.Id : _middle.Id, (ulong)i + 1);
            _tree.Inject(_middle, _tree.Root, header, message);
        }

        Assert.True(_tree[_tree.Root, _middle].IsClosed);
        Assert.Equal(0, _tree.Root.Kernel.StreamCount);
        Assert.Contains("does not take", _tree.Root.Gone[_middle.Id].Message, StringComparison.Ordinal);
        Assert.InRange(i, 1000, 99_999);
    }

    [Fact]
    public void A_handler_that_fails_at_the_end_keeps_nobody_from_being_told()
    {
        KernelPeer root = _tree.Root;
        Failing failing = new();
        root.Kernel.Open(_good.Id, failing, StreamClass.Call)!.Send(WishMessage.Make(Wish.Take, 0, 100_000));
        OpenedStream other = root.Open(_good, WishMessage.Make(Wish.Take, 0, 100_000));
        _tree.Settle();

        root.Kernel.LinkLost(_tree[root, _middle], new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));

        Assert.NotNull(other.Lost);
        Assert.Equal("as it likes", Assert.Single(root.Failures).Message);
        Assert.Empty(root.Kernel.Routes);
    }

    private void CheckGood(OpenedStream before)
    {
        OpenedStream call = _tree.Root.Open(_good, WishMessage.Make(Wish.Answer, 1));
        _tree.Settle();
        Assert.True(call.IsAnswered);
        Assert.Null(before.Lost);
        Assert.Null(before.Reset);
    }

    private sealed class Failing : IStreamHandler
    {
        public void OnData(MuxStream stream, ReadOnlySpan<byte> bytes, bool end)
        {
        }

        public void OnSent(MuxStream stream)
        {
        }

        public void OnReset(MuxStream stream, ResetCode code, string message)
        {
        }

        public void OnLost(MuxStream stream, DisconnectReason reason) => throw new InvalidOperationException("as it likes");

        public void OnClosed(MuxStream stream)
        {
        }
    }
}
