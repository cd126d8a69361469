using System.Globalization;

namespace Mitogen.Runtime.Tests.Simulation;

/// <summary>
/// The whole protocol under simulation. <c>MITOGEN_SEEDS=n</c> runs n seeds instead of 1,000; <c>MITOGEN_SEED=s</c> replays one.
/// </summary>
public sealed class SimulationTests
{
    private const int Steps = 600;

    [Fact]
    public void Every_seed_keeps_what_the_protocol_promises()
    {
        string? one = Environment.GetEnvironmentVariable("MITOGEN_SEED");
        int first = one is null ? 0 : int.Parse(one, CultureInfo.InvariantCulture);
        int count = one is not null ? 1 : int.Parse(Environment.GetEnvironmentVariable("MITOGEN_SEEDS") ?? "1000", CultureInfo.InvariantCulture);
        int answered = 0;
        for (int seed = first; seed < first + count; seed++)
        {
            SimWorld world = new(seed);
            try
            {
                world.Run(Steps);
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed} (replay: MITOGEN_SEED={seed}): {e}");
            }

            answered += world.Calls.Count(c => c.Outcome == "answered");
        }

        // A simulation in which hardly anything is answered would show nothing.
        Assert.True(answered > 10 * count, $"Only {answered} calls of {count} seeds were answered.");
    }

    public static TheoryData<string> Faults => [.. SimFault.All().Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_deliberate_fault_is_noticed(string name)
    {
        const int Most = 100;
        for (int seed = 0; seed < Most; seed++)
        {
            SimFault fault = SimFault.All().Single(f => f.Name == name);
            try
            {
                new SimWorld(seed, fault).Run(Steps);
            }
            catch (Exception e) when (e is SimViolation or ProtocolViolationException)
            {
                Assert.True(fault.Hits > 0, $"Seed {seed} failed without the fault: {e.Message}");
                return;
            }
        }

        Assert.Fail($"{Most} seeds did not notice {name}.");
    }
}
