namespace Mitogen.HostileKit;

/// <summary>The cases in which the root does more than to be there.</summary>
internal static class Cases
{
    private const int Lines = 100;

    // Those of a child, and this process's own.
    private const int MostSources = 256 + 4;

    // What the hostile child sends to each.
    private const int Entries = 100;

    // Longer than any busy machine takes for what has to come.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // A call that a hostile context does not answer is let be after that.
    private static readonly TimeSpan s_callTime = TimeSpan.FromSeconds(20);

    private static readonly Case[] s_special =
    [
        new("forged-sources-slow-log") { Attack = "forged-sources", LogTime = TimeSpan.FromMilliseconds(5) },
        new("redirect") { During = RedirectAsync },
        new("result-of-nothing") { During = s => FailsAsync(s, "a method without a result was answered with 100 MB", () => s.Hostile.PingAsync()) },
        new("assemblies") { IsIsolated = true },
        new("forged-chains") { During = ChainsAsync },
        new("forged-entries") { During = EntriesAsync },
        new("colliding-results") { During = s => SettlesAsync(s.Hostile.MapAsync()) },
        new("data") { Kept = 24L * 1024 * 1024 },
        new("early-credit") { During = UnansweredAsync },
        new("unanswered") { During = UnansweredAsync },
        new("untaken") { During = s => SettlesAsync(s.Hostile.DrawAsync(s.Bytes)), After = UntakenAsync },
        new("silent-link") { During = s => Task.FromResult(Enumerable.Range(0, 3_000).Select(_ => SettlesAsync(s.Hostile.PingAsync())).ToArray()) },
        new("answer-kinds") { During = KindsAsync },
        new("false-claims") { During = ClaimsAsync },
        new("raw-errors") { During = RawAsync },
        new("releases") { During = ReleasesAsync },
        new("imports") { During = ImportsAsync },
        new("items") { During = ItemsAsync },
        new("log-batches") { During = s => s.Sibling.Get<IKeeper>().LogAsync(Lines), After = LinesAsync },
        new("log-large") { During = s => s.Sibling.Get<IKeeper>().LogAsync(Lines), After = LinesAsync },
        new("log-categories") { During = s => s.Sibling.Get<IKeeper>().LogAsync(Lines), After = LinesAsync },
        new("log-of-others") { After = OthersAsync },
        new("log-raw") { After = HelloAsync },
        new("trace-spans") { IsTraced = true, After = SpansAsync },
        new("trace-fields") { IsTraced = true, After = SpansAsync },
        new("leases") { After = StartsAsync },
    ];

    public static Case? Find(string name) =>
        s_special.FirstOrDefault(c => c.Name == name) ?? (CaseNames.All.Contains(name) ? new Case(name) : null);

    private static async Task SettlesAsync(Task task) => await task.WaitAsync(s_callTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task FailsAsync(Scene scene, string otherwise, Func<Task> call)
    {
        Task task = call();
        await SettlesAsync(task);
        if (task.IsCompletedSuccessfully)
        {
            scene.Fault(otherwise);
        }
    }

    /// <summary>Contexts that were asked for by way of the hostile one.</summary>
    private static async Task RedirectAsync(Scene scene)
    {
        for (int i = 0; i < 8; i++)
        {
            Task<IRemoteContext> start = scene.Evil!.ConnectAsync(new LocalConnection { Name = $"db{i}" });
            await SettlesAsync(start);
            if (!start.IsCompletedSuccessfully)
            {
                continue;
            }

            IRemoteContext db = await start;
            Task<Vitals> where = db.Get<IKeeper>().VitalsAsync();
            await SettlesAsync(where);
            scene.Fault($"start {i}: context {db.Id} was believed" + (where.IsCompletedSuccessfully ? $", and a call ran in process {(await where).ProcessId}" : ""));
        }
    }

    private static async Task ChainsAsync(Scene scene)
    {
        int blocked = 0;
        Task holding = Task.Factory.StartNew(
            () =>
            {
                Volatile.Write(ref blocked, Environment.CurrentManagedThreadId);
                _ = scene.Sibling.Get<IKeeper>().Hold(scene.Grant);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Delay(300);
        await SettlesAsync(Task.Factory.StartNew(() => scene.Hostile.Chain(scene.Grant), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.Delay(300);
        await scene.Sibling.Get<IKeeper>().ReleaseAsync();
        await holding;
        if (scene.Grant.Threads.Contains(blocked))
        {
            scene.Fault("a call in the name of another chain ran on that chain's thread");
        }
    }

    /// <summary>Exclusive services, of the root itself and of the sibling, which are given by way of the root.</summary>
    private static async Task EntriesAsync(Scene scene)
    {
        IVault[] vaults = [scene.Root.Get<IVault>(), scene.Sibling.Get<IVault>()];
        await SettlesAsync(vaults[0].LendAsync(scene.Hostile));
        await SettlesAsync(scene.Hostile.TakeAsync(vaults[1]));
        await SettlesAsync(scene.Hostile.AskAsync());
        foreach (IVault vault in vaults)
        {
            int[] seen = await vault.SeenAsync();
            for (DateTime end = DateTime.UtcNow + s_patience; seen[0] < Entries && DateTime.UtcNow < end; seen = await vault.SeenAsync())
            {
                await Task.Delay(20);
            }

            if (seen[0] != Entries || seen[1] != 1)
            {
                scene.Fault($"{seen[0]} of {Entries} calls were in an exclusive service of {(vault == vaults[0] ? "the root" : "the sibling")}, {seen[1]} of them at once");
            }
        }
    }

    private static Task UnansweredAsync(Scene scene)
    {
        for (int i = 0; i < 3_000; i++)
        {
            _ = SettlesAsync(scene.Hostile.NeverAsync());
        }

        return Task.CompletedTask;
    }

    /// <summary>Whoever is in the way keeps little of what was let through; the root itself sends no more than goes out.</summary>
    private static Task UntakenAsync(Scene scene)
    {
        string? reason = scene.Evil!.DisconnectReason?.Message;
        bool isRight = scene.Middle is null ? reason is null : reason?.Contains($"to '{scene.PathOf("evil")}' without being taken", StringComparison.Ordinal) == true;
        if (!isRight || scene.Bytes.Position == 0)
        {
            scene.Fault($"{scene.Bytes.Position} bytes were drawn, and the reason of its end is: {reason ?? "none, it is there"}");
        }

        return Task.CompletedTask;
    }

    private static async Task KindsAsync(Scene scene)
    {
        for (int i = 0; i < 6; i++)
        {
            await FailsAsync(scene, $"answer {i} of an unknown kind counted as a result", () => scene.Hostile.AskAsync());
        }
    }

    private static async Task ClaimsAsync(Scene scene)
    {
        for (int i = 0; i < 4; i++)
        {
            Task<string> ask = scene.Hostile.AskAsync();
            await SettlesAsync(ask);
            switch (ask.Exception?.InnerException)
            {
                case ContextLostException e when !e.ContextName.Contains("evil", StringComparison.Ordinal):
                    scene.Fault($"it was believed that '{e.ContextName}' is lost");
                    break;
                case BootstrapException e:
                    scene.Fault($"it was believed that a start failed: {e.Message}");
                    break;
                default:
                    break;
            }
        }
    }

    private static async Task RawAsync(Scene scene)
    {
        for (int i = 0; i < 4; i++)
        {
            Task<string> ask = scene.Hostile.AskAsync();
            await SettlesAsync(ask);
            Exception? error = ask.Exception?.InnerException;
            if (error is null || Records.HasControls(error.Message) || Records.HasControls(error.ToString()))
            {
                scene.Fault($"an exception's text has control characters in it: {error?.GetType().Name}");
            }
        }
    }

    /// <summary>Objects of the hostile context and of the sibling are forgotten; those of the sibling must be let go.</summary>
    private static async Task ReleasesAsync(Scene scene)
    {
        IKeeper sibling = scene.Sibling.Get<IKeeper>();
        await ForgetAsync(() => scene.Hostile.ThingsAsync());
        await CollectAsync();
        await ForgetAsync(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                _ = await sibling.MakeAsync();
            }

            return [];
        });
        for (DateTime end = DateTime.UtcNow + s_patience; await sibling.LiveAsync() > 0; await CollectAsync())
        {
            if (DateTime.UtcNow > end)
            {
                scene.Fault($"{await sibling.LiveAsync()} objects of the sibling are never released");
                return;
            }
        }
    }

    private static async Task ForgetAsync(Func<Task<IReadOnlyList<IThing>>> make) => await SettlesAsync(make());

    private static async Task CollectAsync()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Task.Delay(50);
    }

    private static async Task ImportsAsync(Scene scene)
    {
        for (int i = 0; i < 20; i++)
        {
            await SettlesAsync(scene.Hostile.ThingsAsync());
        }
    }

    private static async Task ItemsAsync(Scene scene)
    {
        await FailsAsync(scene, "a stream of items that broke its window was read to the end", async () =>
        {
            await foreach (int item in scene.Hostile.ItemsAsync())
            {
                _ = item;
            }
        });
    }

    private static async Task LinesAsync(Scene scene)
    {
        int Arrived() => scene.Records.CountOf(scene.PathOf("sibling"), typeof(Keeper).FullName!);
        for (DateTime end = DateTime.UtcNow + s_patience; Arrived() < Lines && DateTime.UtcNow < end;)
        {
            await Task.Delay(50);
        }

        if (Arrived() < Lines)
        {
            scene.Fault($"{Arrived()} of the sibling's {Lines} lines arrived");
        }
    }

    private static async Task OthersAsync(Scene scene)
    {
        await Task.Delay(500);
        foreach (string context in scene.Records.ContextsOf("forged").Where(c => c != scene.PathOf("evil")))
        {
            scene.Fault($"a record in the name of '{context}' was believed");
        }
    }

    private static async Task SpansAsync(Scene scene)
    {
        await Task.Delay(500);
        foreach (string context in scene.Spans!.Contexts.Where(c => c != scene.PathOf("evil")))
        {
            scene.Fault($"a span in the name of '{context}' was believed");
        }

        if (scene.Case.Name == "trace-spans" && !scene.Spans.Contexts.Any())
        {
            scene.Fault("no span came, so that nothing was attacked");
        }

        if (scene.Spans.Raw is { } raw)
        {
            scene.Fault($"a control character reached a span: {raw}");
        }

        if (scene.Spans.Sources > MostSources)
        {
            scene.Fault($"{scene.Spans.Sources} sources of spans are here, and the most are {MostSources}");
        }
    }

    private static Task HelloAsync(Scene scene)
    {
        if (Records.HasControls(scene.Evil?.Info.HostName) || Records.HasControls(scene.NotStarted?.Message))
        {
            scene.Fault("the host's name of the hello has control characters in it");
        }

        return Task.Delay(500);
    }

    private static async Task StartsAsync(Scene scene)
    {
        foreach (IRemoteContext parent in (IRemoteContext[])[scene.Sibling, scene.Parent])
        {
            IRemoteContext started = await parent.ConnectAsync(new LocalConnection());
            await started.Get<IKeeper>().PingAsync();
            await started.DisposeAsync();
        }
    }
}
