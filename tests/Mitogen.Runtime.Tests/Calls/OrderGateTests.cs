using CsCheck;
using Mitogen.Calls;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class OrderGateTests
{
    [Fact]
    public void Calls_start_in_the_order_of_their_numbers_whatever_the_order_they_come_in()
    {
        Gen.Int[1, 40].SelectMany(count => Gen.Select(Gen.Shuffle(Enumerable.Range(0, count).ToArray()), Gen.Bool.Array[count]))
            .Sample((arrivals, givenUp) =>
            {
                OrderGate<string> gate = new();
                Queue<string> started = new();
                foreach (int i in arrivals)
                    Assert.True(gate.Arrive((ulong)i, givenUp[i] ? null : $"{i}", started));

                Assert.Equal(Enumerable.Range(0, arrivals.Length).Where(i => !givenUp[i]).Select(i => $"{i}"), started);
                Assert.Equal(0, gate.Parked);
                Assert.Equal((ulong)arrivals.Length, gate.Next);
            });
    }

    [Fact]
    public void A_call_waits_for_the_one_before_it()
    {
        OrderGate<string> gate = new();
        Queue<string> started = new();

        _ = gate.Arrive(1, "second", started);
        Assert.Empty(started);
        Assert.Equal(1, gate.Parked);
        _ = gate.Arrive(0, "first", started);

        Assert.Equal(["first", "second"], started);
    }

    [Fact]
    public void A_place_is_taken_once()
    {
        OrderGate<string> gate = new();
        Queue<string> started = new();
        Assert.True(gate.Arrive(0, "0", started));
        Assert.True(gate.Arrive(2, null, started));

        Assert.False(gate.Arrive(0, "again", started));
        Assert.False(gate.Arrive(2, "again", started));
        Assert.True(gate.Arrive(1, "1", started));
        Assert.False(gate.Arrive(2, "again", started));

        Assert.Equal(["0", "1"], started);
    }
}
