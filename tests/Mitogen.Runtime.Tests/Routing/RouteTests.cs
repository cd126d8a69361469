using System.Buffers.Binary;
using Mitogen.Framing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>What a child says of the contexts below it is believed as far as its leases go, and once.</summary>
public sealed class RouteTests
{
    private readonly KernelTree _tree = new();
    private readonly KernelPeer _middle;
    private readonly KernelPeer _hostile;

    public RouteTests()
    {
        _middle = _tree.AddLine(1);
        _hostile = _tree.AddLine(1);
        _tree[_tree.Root, _hostile].Leased.Add(new IdBlock(1000, 64));
        _tree[_tree.Root, _hostile].Leased.Add(new IdBlock(500, 2));
    }

    [Fact]
    public void Every_context_knows_the_shape_of_the_tree_below_it()
    {
        KernelPeer leaf = _tree.Add(_tree.Add(_middle));

        Assert.True(_tree.Root.Kernel.IsStartedBy(leaf.Id, _tree.Peers[^2].Id));
        Assert.True(_tree.Root.Kernel.IsStartedBy(_tree.Peers[^2].Id, _middle.Id));
        Assert.True(_tree.Root.Kernel.IsStartedBy(_middle.Id, _tree.Root.Id));
        Assert.False(_tree.Root.Kernel.IsStartedBy(leaf.Id, _middle.Id));
        Assert.False(_tree.Root.Kernel.IsStartedBy(_tree.Root.Id, _tree.Root.Id));
        Assert.Equal(Place.Below, _tree.Root.Kernel.PlaceOf(leaf.Id));
        Assert.Equal(Place.Above, leaf.Kernel.PlaceOf(_middle.Id));
        Assert.Equal(Place.Unknown, leaf.Kernel.PlaceOf(_hostile.Id));
    }

    [Theory]
    [InlineData(4711u, 0u)] // not leased
    [InlineData(1u, 0u)] // the parent
    [InlineData(1064u, 0u)] // behind a lease
    [InlineData(1001u, 1u)] // below the parent
    [InlineData(1001u, 4711u)] // below nobody
    [InlineData(1001u, 1001u)] // below itself
    public void A_route_that_it_may_not_announce_is_dropped(uint id, uint parent)
    {
        Announce(id, parent == 0 ? _hostile.Id : parent);

        Assert.Equal(1, _tree.Root.Dropped);
        Assert.Equal(2, _tree.Root.Kernel.Routes.Count);
    }

    [Fact]
    public void A_route_to_or_below_a_sibling_is_dropped()
    {
        Announce(_middle.Id, _hostile.Id);
        Announce(1001, _middle.Id);

        Assert.Equal(2, _tree.Root.Dropped);
        Assert.Equal(_middle.Id, _tree.Root.Kernel.RouteTo(_middle.Id)?.Peer);
    }

    [Fact]
    public void An_id_is_used_once()
    {
        Announce(1001, _hostile.Id);
        Announce(1001, _hostile.Id);
        Assert.Equal(1, _tree.Root.Dropped);

        End(1001);
        Announce(1001, _hostile.Id);
        Assert.Equal(2, _tree.Root.Dropped);
        Assert.Equal(Place.Unknown, _tree.Root.Kernel.PlaceOf(1001));
        Announce(501, _hostile.Id);
        Assert.Equal(Place.Below, _tree.Root.Kernel.PlaceOf(501));
    }

    [Fact]
    public void The_end_of_itself_of_a_sibling_or_of_its_parent_is_not_its_to_tell()
    {
        foreach (uint id in new[] { _hostile.Id, _middle.Id, _tree.Root.Id, 4711u })
        {
            End(id);
        }

        Assert.Equal(4, _tree.Root.Dropped);
        Assert.Empty(_tree.Root.Gone);
    }

    [Fact]
    public void A_line_of_contexts_has_an_end()
    {
        uint above = _hostile.Id;
        for (uint i = 0; i < 64; i++)
        {
            Announce(1000 + i, above);
            above = 1000 + i;
        }

        // The root and its child are two of them.
        Assert.Equal(Kernel.MaxDepth, _tree.Root.Kernel.Routes.Count - 1 + 1);
        Assert.Equal(2, _tree.Root.Dropped);
    }

    [Fact]
    public void What_is_below_one_that_is_gone_ends_with_the_link_too()
    {
        Announce(1000, _hostile.Id);
        Announce(1001, 1000);
        Announce(1002, 1001);
        End(1000);
        End(1001);

        _tree.Root.Kernel.LinkLost(_tree[_tree.Root, _hostile], new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));

        Assert.Equal((uint[])[1000, 1001, _hostile.Id, 1002], _tree.Root.Gone.Keys);
        Assert.Equal(DisconnectKind.AncestorLost, _tree.Root.Gone[1002].Kind);
    }

    private void Announce(uint id, uint parent)
    {
        byte[] body = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(body, id);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(4), parent);
        _tree.Inject(_hostile, _tree.Root, new FrameHeader(8, FrameKind.RouteAdded, FrameFlags.None, 0, _hostile.Id, 0), body);
    }

    private void End(uint id)
    {
        byte[] body = ReasonCodec.Write(id, new DisconnectReason(DisconnectKind.Exited, "It ended."));
        _tree.Inject(_hostile, _tree.Root, new FrameHeader(body.Length, FrameKind.ContextGone, FrameFlags.None, 0, _hostile.Id, 0), body);
    }
}
