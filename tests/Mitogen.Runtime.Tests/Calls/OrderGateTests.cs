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
                Queue<string> started = new();
                OrderGate<string> gate = new(started.Enqueue);
                foreach (int i in arrivals)
                {
                    Assert.True(gate.Arrive((ulong)i, givenUp[i] ? null : $"{i}"));
                }

                Assert.Equal(Enumerable.Range(0, arrivals.Length).Where(i => !givenUp[i]).Select(i => $"{i}"), started);
                Assert.Equal(0, gate.Parked);
                Assert.Equal((ulong)arrivals.Length, gate.Next);
            });
    }

    [Fact]
    public void A_call_waits_for_the_one_before_it()
    {
        Queue<string> started = new();
        OrderGate<string> gate = new(started.Enqueue);

        _ = gate.Arrive(1, "second");
        Assert.Empty(started);
        Assert.Equal(1, gate.Parked);
        _ = gate.Arrive(0, "first");

        Assert.Equal(["first", "second"], started);
    }

    [Fact]
    public void A_place_is_taken_once()
    {
        Queue<string> started = new();
        OrderGate<string> gate = new(started.Enqueue);
        Assert.True(gate.Arrive(0, "0"));
        Assert.True(gate.Arrive(2, null));

        Assert.False(gate.Arrive(0, "again"));
        Assert.False(gate.Arrive(2, "again"));
        Assert.True(gate.Arrive(1, "1"));
        Assert.False(gate.Arrive(2, "again"));

        Assert.Equal(["0", "1"], started);
    }

    [Fact]
    public void Numbers_that_were_given_up_one_after_the_other_are_one_entry()
    {
        Queue<string> started = new();
        OrderGate<string> gate = new(started.Enqueue);
        foreach (ulong i in Enumerable.Range(0, 10_000).Select(i => (ulong)((i * 7919) % 10_000)))
        {
            Assert.True(gate.Arrive(i + 5, null));
        }

        Assert.Equal(1, gate.Parked);

        foreach (ulong i in new ulong[] { 5, 77, 10_004 })
        {
            Assert.False(gate.Arrive(i, "again"));
        }

        Assert.True(gate.Arrive(10_005, "after"));
        for (ulong i = 0; i < 5; i++)
        {
            Assert.True(gate.Arrive(i, $"{i}"));
        }

        Assert.Equal(["0", "1", "2", "3", "4", "after"], started);
        Assert.Equal(0, gate.Parked);
    }

    [Fact]
    public void The_last_number_of_all_is_a_place_as_every_other()
    {
        Queue<string> started = new();
        OrderGate<string> gate = new(started.Enqueue);

        Assert.True(gate.Arrive(ulong.MaxValue, null));
        Assert.True(gate.Arrive(ulong.MaxValue - 1, null));
        Assert.False(gate.Arrive(ulong.MaxValue, "again"));

        Assert.Equal(1, gate.Parked);
    }

    [Fact]
    public void A_call_that_is_given_up_while_it_waits_leaves_its_number() =>
        Gen.Int[1, 40].SelectMany(count => Gen.Select(Gen.Shuffle(Enumerable.Range(0, count).ToArray()), Gen.Int[0, 2].Array[count]))
            .Sample((arrivals, fates) =>
            {
                Queue<string> started = new();
                OrderGate<string> gate = new(started.Enqueue);
                HashSet<int> left = [];
                foreach (int i in arrivals)
                {
                    string call = $"{i}";
                    Assert.True(gate.Arrive((ulong)i, fates[i] == 0 ? null : call));
                    if (fates[i] == 0 || (fates[i] == 1 && gate.GiveUp((ulong)i, call)))
                    {
                        left.Add(i);
                    }

                    Assert.False(gate.Arrive((ulong)i, "again"));
                    Assert.False(gate.GiveUp((ulong)i, "another"));
                }

                Assert.Equal(Enumerable.Range(0, arrivals.Length).Where(i => !left.Contains(i)).Select(i => $"{i}"), started);
                Assert.Equal(0, gate.Parked);
            });
}
