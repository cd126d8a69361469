using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Routing;

/// <summary>Links under a clock that the test moves.</summary>
public sealed class KeepAliveTests
{
    private const int Step = 100;

    private static readonly KernelOptions s_options = new() { KeepAliveMilliseconds = 1_000, SilenceMilliseconds = 4_000 };

    [Fact]
    public void A_link_on_which_nobody_has_anything_to_say_lives()
    {
        Clock clock = new();

        clock.Run(100 * s_options.SilenceMilliseconds);

        Assert.Null(clock.ParentEnded);
        Assert.Null(clock.ChildEnded);
        int signs = 2 * 100 * s_options.SilenceMilliseconds / s_options.KeepAliveMilliseconds;
        Assert.InRange(clock.Frames, signs * 9 / 10, signs * 11 / 10);
    }

    [Fact]
    public void A_link_that_falls_silent_ends_on_both_sides()
    {
        Clock clock = new();
        OpenedStream call = clock.Tree.Root.Open(clock.Child, WishMessage.Make(Wish.Take, 0, 100_000));
        OpenedStream back = clock.Child.Open(clock.Tree.Root, WishMessage.Make(Wish.Take, 0, 100_000));
        clock.Run(10_000);
        clock.Silence(fromParent: true, fromChild: true);
        long start = clock.Now;

        clock.Run(3 * s_options.SilenceMilliseconds);

        foreach (long? ended in new[] { clock.ParentEnded, clock.ChildEnded })
        {
            CheckSilence(start, ended);
        }

        Assert.Equal(DisconnectKind.KeepAlive, call.Lost?.Kind);
        Assert.Equal(DisconnectKind.KeepAlive, back.Lost?.Kind);
        Assert.Equal(DisconnectKind.KeepAlive, clock.Tree.Root.Gone[clock.Child.Id].Kind);
        Assert.Empty(clock.Tree.Root.Kernel.Routes);
        Assert.Equal(0, clock.Tree.Root.Kernel.StreamCount + clock.Child.Kernel.StreamCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_one_silent_direction_the_end_that_hears_nothing_goes_first_and_the_other_by_its_silence(bool fromParent)
    {
        Clock clock = new();
        clock.Run(10_000);
        clock.Silence(fromParent, !fromParent);
        long start = clock.Now;

        clock.Run(3 * s_options.SilenceMilliseconds);

        (long? first, long? second) = fromParent ? (clock.ChildEnded, clock.ParentEnded) : (clock.ParentEnded, clock.ChildEnded);
        CheckSilence(start, first);
        CheckSilence(first, second);
    }

    [Fact]
    public void Without_a_time_out_a_silent_link_lives()
    {
        Clock clock = new(s_options with { SilenceMilliseconds = 0 });
        clock.Silence(fromParent: true, fromChild: true);

        clock.Run(1_000_000);

        Assert.Null(clock.ParentEnded);
        Assert.Null(clock.ChildEnded);
    }

    [Fact]
    public void Without_an_interval_nothing_is_said()
    {
        Clock clock = new(s_options with { KeepAliveMilliseconds = 0, SilenceMilliseconds = 0 });

        clock.Run(1_000_000);

        Assert.Equal(0, clock.Frames);
    }

    // What came last counts from the tick after it, and the last sign of life may have come an interval before.
    private static void CheckSilence(long? from, long? to)
    {
        Assert.NotNull(from);
        Assert.NotNull(to);
        Assert.InRange(
            to.Value - from.Value,
            s_options.SilenceMilliseconds - s_options.KeepAliveMilliseconds,
            s_options.SilenceMilliseconds + s_options.KeepAliveMilliseconds);
    }

    /// <summary>A parent and a child, and the time, which passes for both in steps as a link's driver lets it pass.</summary>
    private sealed class Clock
    {
        public Clock(KernelOptions? options = null)
        {
            Tree = new KernelTree(options ?? s_options);
            Child = Tree.AddLine(1);
        }

        public KernelTree Tree { get; }

        public KernelPeer Child { get; }

        public long Now { get; private set; } = 1_000_000;

        public long? ParentEnded { get; private set; }

        public long? ChildEnded { get; private set; }

        /// <summary>How many turns moved something.</summary>
        public int Frames { get; private set; }

        public void Silence(bool fromParent, bool fromChild)
        {
            Tree.Stall(Tree.Root, Child, fromParent);
            Tree.Stall(Child, Tree.Root, fromChild);
        }

        public void Run(int milliseconds)
        {
            for (long end = Now + milliseconds; Now < end; Now += Step)
            {
                ParentEnded ??= Tick(Tree.Root, Tree[Tree.Root, Child]);
                Link up = Tree[Child, Tree.Root];
                ChildEnded ??= Tick(Child, up);
                Frames += (Tree[Tree.Root, Child].Sender.HasWork ? 1 : 0) + (up.Sender.HasWork ? 1 : 0);
                while (Tree.Turn())
                {
                }
            }
        }

        private long? Tick(KernelPeer peer, Link link)
        {
            if (peer.Kernel.Tick(link, Now))
            {
                return null;
            }

            peer.Kernel.LinkLost(link, new DisconnectReason(DisconnectKind.KeepAlive, "Nothing was heard of it."));
            return Now;
        }
    }
}
