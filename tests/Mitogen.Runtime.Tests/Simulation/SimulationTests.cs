using System.Globalization;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// The whole protocol under simulation. <c>MITOGEN_SEEDS=n</c> runs n seeds instead of 600; <c>MITOGEN_SEED=s</c> replays one.
/// </summary>
public sealed class SimulationTests
{
    private const int Steps = 600;
    private const int HubSteps = 200;

    [Fact]
    public void Every_seed_keeps_what_the_protocol_promises()
    {
        int count = Each(seed => new SimWorld(seed), out int answered, out _);

        // A simulation in which hardly anything is answered would show nothing.
        Assert.True(count == 1 || answered > 10 * count, $"Only {answered} calls of {count} seeds were answered.");
    }

    [Fact]
    public void Every_seed_keeps_what_the_protocol_promises_beside_hostile_contexts()
    {
        int count = Each(seed => new SimWorld(seed, hostile: true), out int answered, out (int Frames, int Violations) hostile);

        // Nor would one in which hardly anybody is hostile.
        Assert.True(count == 1 || answered > 5 * count, $"Only {answered} calls of {count} seeds were answered.");
        Assert.True(count == 1 || hostile.Frames > 100 * count, $"Only {hostile.Frames} frames of {count} seeds were hostile.");
        Assert.True(count == 1 || hostile.Violations > count / 2, $"Only {hostile.Violations} links of {count} seeds were ended.");
    }

    [Fact]
    public void Every_seed_holds_no_call_that_was_given_up_and_believes_no_chain()
    {
        int joined = 0;
        int count = Each(seed =>
        {
            SimHub hub = new(seed, HubFault.None);
            hub.Run(HubSteps);
            joined += hub.Joined;
        });
        Assert.True(count == 1 || joined > 5 * count, $"Only {joined} calls of {count} seeds came back in their chain.");
    }

    public static TheoryData<string> Faults => [.. SimFault.All().Select(f => f.Name)];

    public static TheoryData<string> FaultsBesideHostile => [.. SimFault.BesideHostile().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_deliberate_fault_is_noticed(string name) => Notice(SimFault.All, name, hostile: false);

    [Theory]
    [MemberData(nameof(FaultsBesideHostile))]
    public void Every_deliberate_fault_is_noticed_beside_hostile_contexts(string name) => Notice(SimFault.BesideHostile, name, hostile: true);

    [Theory]
    [InlineData(nameof(HubFault.KeepsHeldCalls))]
    [InlineData(nameof(HubFault.BelievesChains))]
    public void Every_deliberate_fault_is_noticed_where_calls_are_held(string name)
    {
        SimHub hub = new(0, Enum.Parse<HubFault>(name));

        SimViolation found = Assert.Throws<SimViolation>(() => hub.Run(HubSteps));

        TestContext.Current.TestOutputHelper?.WriteLine(found.Message);
        Assert.True(hub.Hits > 0, $"It failed without the fault: {found.Message}");
    }

    private static int Each(Func<int, SimWorld> make, out int answered, out (int Frames, int Violations) hostile)
    {
        int total = 0;
        (int Frames, int Violations) made = default;
        int count = Each(seed =>
        {
            SimWorld world = make(seed);
            world.Run(Steps);
            total += world.Calls.Count(c => c.IsTrusted && c.Outcome == "answered");
            made = (made.Frames + world.HostileFrames, made.Violations + world.Violations);
        });
        (answered, hostile) = (total, made);
        return count;
    }

    /// <returns>How many seeds there were.</returns>
    private static int Each(Action<int> run)
    {
        string? one = Environment.GetEnvironmentVariable("MITOGEN_SEED");
        int first = one is null ? 0 : int.Parse(one, CultureInfo.InvariantCulture);
        int count = one is not null ? 1 : int.Parse(Environment.GetEnvironmentVariable("MITOGEN_SEEDS") ?? "600", CultureInfo.InvariantCulture);
        for (int seed = first; seed < first + count; seed++)
        {
            try
            {
                run(seed);
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed} (replay: MITOGEN_SEED={seed}): {e}");
            }
        }

        return count;
    }

    private static void Notice(Func<IEnumerable<SimFault>> faults, string name, bool hostile)
    {
        const int Most = 100;
        for (int seed = 0; seed < Most; seed++)
        {
            SimFault fault = faults().Single(f => f.Name == name);
            try
            {
                new SimWorld(seed, fault, hostile).Run(Steps);
            }
            catch (Exception e) when (e is SimViolation or ProtocolBrokenException)
            {
                Assert.True(fault.Hits > 0, $"Seed {seed} failed without the fault: {e.Message}");
                TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}: {e.Message}");
                return;
            }
        }

        Assert.Fail($"{Most} seeds did not notice {name}.");
    }
}
