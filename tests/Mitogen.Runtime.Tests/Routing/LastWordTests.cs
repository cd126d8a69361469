using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>What contexts say of their own end, and of debuggers; and a side that did not run.</summary>
public sealed class LastWordTests
{
    private static readonly KernelOptions s_options = new() { KeepAliveMilliseconds = 1_000, SilenceMilliseconds = 4_000 };

    private readonly KernelTree _tree = new(s_options);
    private readonly KernelPeer _child;
    private readonly Link _down;
    private readonly Link _up;
    private long _now = 1_000_000;

    public LastWordTests()
    {
        _child = _tree.AddLine(1);
        _down = _tree[_tree.Root, _child];
        _up = _tree[_child, _tree.Root];
    }

    [Theory]
    [InlineData(DisconnectKind.Disposed)]
    [InlineData(DisconnectKind.Exited)]
    [InlineData(DisconnectKind.ParentSilent)]
    public void A_context_may_say_why_it_ends_and_nothing_behind_that_is_read(DisconnectKind kind)
    {
        byte[] frame = Kernel.WriteLastWord(_child.Kernel.Self, new DisconnectReason(kind, "I go.", 7));
        byte[] after = new byte[FrameHeader.Size];
        new FrameHeader(0, FrameKind.Expel, FrameFlags.None, 0, _child.Id, 0).Write(after); // would end the link as a violation

        _ = _tree.Root.Kernel.Receive(_down, [.. frame, .. after]);

        Assert.Equal((kind, "I go.", 7), (_down.LastWord!.Kind, _down.LastWord.Message, _down.LastWord.ExitCode));
        Assert.Empty(_tree.Root.Gone); // it is not gone until its link is
    }

    [Theory]
    [InlineData(DisconnectKind.KeepAlive)]
    [InlineData(DisconnectKind.ProtocolBroken)]
    [InlineData(DisconnectKind.AncestorLost)]
    [InlineData(DisconnectKind.ToolEnded)]
    public void What_only_others_can_know_is_no_last_word(DisconnectKind kind)
    {
        byte[] frame = Kernel.WriteLastWord(_child.Kernel.Self, new DisconnectReason(kind, "I go."));
        Assert.Throws<ProtocolBrokenException>(() => _tree.Root.Kernel.Receive(_down, frame));
        Assert.Null(_down.LastWord);
    }

    [Fact]
    public void A_context_says_nothing_of_others()
    {
        KernelPeer sibling = _tree.Add(_tree.Root);
        byte[] body = ReasonCodec.Write(sibling.Id, new DisconnectReason(DisconnectKind.Exited, "It went."));
        byte[] frame = Frame(FrameKind.LastWord, _child.Id, body);

        Assert.Throws<ProtocolBrokenException>(() => _tree.Root.Kernel.Receive(_down, frame));

        Assert.Null(_down.LastWord);
        Assert.Null(_tree[_tree.Root, sibling].LastWord);
        Assert.Empty(_tree.Root.Gone);
    }

    [Fact]
    public void A_parents_last_word_is_none()
    {
        _ = _child.Kernel.Receive(_up, Kernel.WriteLastWord(_tree.Root.Kernel.Self, new DisconnectReason(DisconnectKind.Exited, "I go.")));
        Assert.Null(_up.LastWord);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void While_one_side_is_debugged_neither_makes_anything_of_silence(bool atParent)
    {
        (KernelPeer debugged, KernelPeer other) = atParent ? (_tree.Root, _child) : (_child, _tree.Root);
        Link own = _tree[debugged, other];
        Link others = _tree[other, debugged];
        Assert.True(debugged.Kernel.Tick(own, _now, isDebugged: true));
        Move();

        // The debugged one stands still: the other hears nothing, for long.
        for (int i = 0; i < 100; i++)
        {
            _now += 1_000;
            Assert.True(other.Kernel.Tick(others, _now));
            Assert.True(debugged.Kernel.Tick(own, _now, isDebugged: true)); // its timer may run while the other is stopped for the debugger's sake
        }

        // Without the debugger silence counts again, from now on.
        Assert.True(debugged.Kernel.Tick(own, _now, isDebugged: true));
        Move();
        _ = debugged.Kernel.Tick(own, _now);
        Move();
        Assert.False(others.IsPeerDebugged);
        bool alive = true;
        for (int i = 0; i < 6; i++)
        {
            _now += 1_000;
            alive &= other.Kernel.Tick(others, _now);
        }

        Assert.False(alive);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Word_of_a_debugger_of_another_length_ends_the_link(int length) =>
        Assert.Throws<ProtocolBrokenException>(
            () => _tree.Root.Kernel.Receive(_down, Frame(FrameKind.Debugged, _child.Id, new byte[length])));

    [Fact]
    public void A_side_that_did_not_run_does_not_take_the_other_for_silent_and_knows_that_it_was_silent_itself()
    {
        Assert.True(_tree.Root.Kernel.Tick(_down, _now));
        Assert.False(_tree.Root.Kernel.WasTooSilent(_down, _now));
        _now += 1_000;
        Assert.True(_tree.Root.Kernel.Tick(_down, _now));

        _now += 60_000;

        // Before its first tick, and after.
        Assert.True(_tree.Root.Kernel.WasTooSilent(_down, _now));
        Assert.True(_tree.Root.Kernel.Tick(_down, _now));
        Assert.True(_tree.Root.Kernel.WasTooSilent(_down, _now));

        // From then on both count as ever.
        bool alive = true;
        for (int i = 0; i < 12; i++)
        {
            _now += 1_000;
            alive &= _tree.Root.Kernel.Tick(_down, _now);
        }

        Assert.False(alive);
        Assert.False(_tree.Root.Kernel.WasTooSilent(_down, _now));
    }

    private void Move()
    {
        while (_tree.Turn())
        {
        }
    }

    private static byte[] Frame(FrameKind kind, uint source, byte[] body)
    {
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(body.Length, kind, FrameFlags.None, 0, source, 0).Write(frame);
        body.CopyTo(frame, FrameHeader.Size);
        return frame;
    }
}
