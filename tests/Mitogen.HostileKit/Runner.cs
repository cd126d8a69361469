using System.Diagnostics;

namespace Mitogen.HostileKit;

/// <summary>Runs one case in this process and says what became of it.</summary>
internal static class Runner
{
    private const int IdleCalls = 300;
    private const int CallsAfter = 50;

    // Longer than any busy machine takes for an attack with all that the root does meanwhile, and for the end.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_endTime = TimeSpan.FromMinutes(2);

    public static async Task<Result> RunAsync(Case @case, string place)
    {
        Scene scene = await Scene.StartAsync(@case, place);
        IKeeper sibling = scene.Sibling.Get<IKeeper>();
        IKeeper? middle = scene.Middle?.Get<IKeeper>();
        _ = await new Load("sibling", sibling).RunAsync(IdleCalls / 3); // what is jitted once
        Load idle = await new Load("sibling", sibling).RunAsync(IdleCalls);
        await scene.StartEvilAsync();
        Vitals rootBefore = Vitals.Read();
        Vitals? middleBefore = middle is null ? null : await middle.VitalsAsync();
        using Sampler sampler = new();
        Load[] loads = [new("sibling", sibling), .. middle is null ? Array.Empty<Load>() : [new("middle", middle)]];
        Array.ForEach(loads, l => l.Start());
        long start = Stopwatch.GetTimestamp();

        string outcome = scene.NotStarted is { } refused ? $"did not start: {refused.Message}" : await AttackAsync(scene);
        if (scene.NotStarted is not null)
        {
            scene.Fault(outcome); // nothing was attacked
        }

        if (@case.After is { } after)
        {
            await GuardAsync(scene, after);
        }

        foreach (Load load in loads)
        {
            _ = await load.StopAsync();
            _ = load.Failure is null ? await load.RunAsync(CallsAfter) : load;
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        Check(scene, loads);
        Vitals rootAfter = Vitals.Read();
        Vitals? middleAfter = null;
        if (middleBefore is not null && loads[1].Failure is null)
        {
            middleAfter = await middle!.VitalsAsync().WaitAsync(s_patience);
        }

        Task end = scene.DisposeAsync().AsTask();
        if (await Task.WhenAny(end, Task.Delay(s_endTime)) == end)
        {
            await end;
        }
        else
        {
            scene.Fault($"the root's end takes more than {s_endTime}");
        }

        Result result = new(@case.Name, place)
        {
            Outcome = OneLine(outcome),
            Dropped = scene.Records.Dropped,
            Records = scene.Records.Own,
            FirstRecords = [.. scene.Records.Sample],
            Root = Compare(rootBefore, rootAfter, sampler.Resident, sampler.Threads),
            Middle = middleAfter is null ? null : Compare(middleBefore!, middleAfter, middleAfter.MostResident, middleAfter.Threads),
            IdleP99 = idle.P99,
            P99 = loads[0].P99,
            Calls = loads[0].Count,
            Seconds = time.TotalSeconds,
        };
        if (result.Root.Heap > @case.Kept)
        {
            scene.Fault($"the root keeps {result.Root.Heap >> 20} MB of calls that are over; the bound is {@case.Kept >> 20} MB");
        }

        return result with { Faults = [.. scene.Faults, .. Bounds.Check(result)] };
    }

    private static async Task<string> AttackAsync(Scene scene)
    {
        // First: what else the root calls may wait for ever.
        Task<string> attack = scene.Hostile.AttackAsync(scene.Grant);
        Task during = scene.Case.During is { } act ? GuardAsync(scene, act) : Task.CompletedTask;
#pragma warning disable CA1031 // how it ends is what is asked
        try
        {
            string said = await attack.WaitAsync(s_patience);
            await during;
            return scene.Evil!.DisconnectReason is { } reason ? Lost(scene, reason) : said;
        }
        catch (Exception e)
        {
            await during;
            if (scene.Evil!.DisconnectReason is { } reason)
            {
                return Lost(scene, reason);
            }

            scene.Fault($"the attack's call failed, and its context is not gone: {e.GetType().Name}: {e.Message}");
            return $"{e.GetType().Name}: {e.Message}";
        }
#pragma warning restore CA1031
    }

    private static string Lost(Scene scene, DisconnectReason reason)
    {
        if (reason.Message.Contains("sibling", StringComparison.Ordinal) || Records.HasControls(reason.Message))
        {
            scene.Fault($"the reason of its end is not its own: {reason.Message}");
        }

        return $"lost ({reason.Kind}): {reason.Message}";
    }

    private static void Check(Scene scene, Load[] loads)
    {
        foreach (Load load in loads.Where(l => l.Failure is not null))
        {
            scene.Fault(load.Failure!);
        }

        foreach (IRemoteContext? context in (IEnumerable<IRemoteContext?>)[scene.Middle, scene.Sibling])
        {
            if (context?.DisconnectReason is { } reason)
            {
                scene.Fault($"'{context.Name}' is gone: {reason.Message}");
            }
        }

        if (scene.Records.Raw is { } raw)
        {
            scene.Fault($"a control character reached the log: {OneLine(raw)}");
        }
    }

    private static Growth Compare(Vitals before, Vitals after, long mostResident, int mostThreads) => new(
        after.Heap - before.Heap, Math.Max(0, mostResident - before.Resident), mostThreads - before.Threads, [.. after.Open.Except(before.Open)]);

    private static async Task GuardAsync(Scene scene, Func<Scene, Task> act)
    {
#pragma warning disable CA1031 // it is told
        try
        {
            await act(scene).WaitAsync(s_patience);
        }
        catch (Exception e)
        {
            scene.Fault($"{e.GetType().Name}: {e.Message}");
        }
#pragma warning restore CA1031
    }

    private static string OneLine(string text) =>
        string.Concat(text.Take(300).Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()));
}
