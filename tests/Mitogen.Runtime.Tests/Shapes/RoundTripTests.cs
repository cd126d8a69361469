using Mitogen.Framing;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.TestContracts.Shapes;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>How often a chain of promises goes there and back, counted in frames on the link.</summary>
public sealed class RoundTripTests : CallTest
{
    [Fact]
    public async Task A_chain_of_promises_is_one_round_trip()
    {
        InProcessRoot root = NewRoot();
        IRemoteContext context = await root.ConnectAsync(new LocalConnection { Name = "a" }, Cancellation);
        (SteppedLink down, SteppedLink up) = await SteppedLink.BetweenAsync(root, context);
        using (down)
        using (up)
        {
            INode x = context.Get<IObjects>().Open("x");
            INode y = x.Open("y");
            Task<IReadOnlyList<string>> listing = y.ListAsync();

            List<FrameHeader> there = down.Move();
            List<FrameHeader> back = await MoveUntilAsync(
                Task.WhenAll(listing, x.ReadyAsync(Cancellation).AsTask(), y.ReadyAsync(Cancellation).AsTask()), up);

            Assert.Equal(["x/y/a", "x/y/b"], await listing);
            AssertOpens(3, there, context.Id);
            Assert.Equal(there.Select(f => f.Stream).Order(), back.Where(f => f.IsEnd).Select(f => f.Stream).Order());
            Assert.All(back, f => Assert.Equal((FrameKind.Data, true), (f.Kind, f.IsFromAcceptor)));
        }
    }

    [Fact]
    public async Task A_chain_on_a_context_that_starts_waits_for_its_start_alone()
    {
        InProcessRoot root = NewRoot();
        IRemoteContext a = root.Through(new LocalConnection { Name = "a" });
        await using IRemoteContext warm = await a.ConnectAsync(new LocalConnection { Name = "warm" }, Cancellation);
        (SteppedLink down, SteppedLink up) = await SteppedLink.BetweenAsync(root, a);
        using (down)
        using (up)
        {
            IRemoteContext b = a.Through(new LocalConnection { Name = "b" });
            INode x = b.Get<IObjects>().Open("x");
            INode y = x.Open("y");
            Task<IReadOnlyList<string>> listing = y.ListAsync();

            // The start leaves from a pool thread; its answer brings the id that the calls go to.
            AssertOpens(1, await down.MoveNextAsync(Cancellation), a.Id);
            Task<List<FrameHeader>> leaving = down.MoveNextAsync(Cancellation);
            await MoveUntilAsync(leaving, up);
            await MoveUntilAsync(listing, up);

            Assert.Equal(["x/y/a", "x/y/b"], await listing);
            AssertOpens(3, await leaving, b.Id);
            GC.KeepAlive((x, y));
        }
    }

    private static void AssertOpens(int count, List<FrameHeader> frames, uint context)
    {
        Assert.Equal(count, frames.Count);
        Assert.All(frames, f => Assert.Equal((FrameKind.Open, true, context), (f.Kind, f.IsEnd, f.Destination)));
        Assert.Equal(count, frames.Select(f => f.Stream).Distinct().Count());
    }

    /// <summary>Lets one direction through, and nothing in the other one, until something has come to pass.</summary>
    private static async Task<List<FrameHeader>> MoveUntilAsync(Task done, SteppedLink link)
    {
        List<FrameHeader> moved = [];
        while (!done.IsCompleted)
        {
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task woken = link.WokenAsync(enough.Token);
            await Task.WhenAny(done, woken).InTimeAsync();
            await enough.CancelAsync();
            moved.AddRange(link.Move());
        }

        return moved;
    }
}
