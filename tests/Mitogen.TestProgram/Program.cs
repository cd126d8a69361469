using Mitogen;
using Mitogen.TestContracts;

// What a test asks a program of its own for. It prints one line a fact and "ready" when there is no more to come.
return await MitogenApp.RunAsync(args, async app =>
{
    switch (args[0])
    {
        // Prints how many methods an isolated context had to jit for code that was published ReadyToRun, and for code that was not.
        case "jitted":
            await using (IRemoteContext child = await app.ConnectAsync(new LocalConnection { Isolated = true }))
            {
                Console.WriteLine(await child.Get<IProbe>().CountJittedOfLibraryAsync());
                Console.WriteLine(await child.Get<IProbe>().CountJittedOfServiceAsync());
            }

            return 0;

        // A chain of contexts, the last of which has a subprocess of its own; a call to it is pending.
        case "chain":
            IRemoteContext last = app;
            for (int i = 0; i < 3; i++)
            {
                last = await last.ConnectAsync(new LocalConnection { Isolated = args[1] == "isolated" });
                Console.WriteLine(last.Info.ProcessId);
            }

            Console.WriteLine(await last.Get<ITrouble>().StartSleepAsync());
            Console.WriteLine("ready");
            await (args[2] switch
            {
                "wait" => last.Get<ITrouble>().WaitAsync(),
                "spin" => last.Get<ITrouble>().SpinAsync(),
                "ignore" => Task.Delay(Timeout.Infinite),
                _ => throw new ArgumentException($"There is no way to go on called {args[2]}."),
            });
            return 0;

        // Blocks its main thread in a call.
        case "block":
            IRemoteContext blocked = await app.ConnectAsync(new LocalConnection());
            Console.WriteLine("ready");
            blocked.Get<ITrouble>().Block();
            return 0;

        // Has a local context start a process that prints its directory.
        case "run":
            await using (IRemoteContext child = await app.ConnectAsync(new LocalConnection()))
            {
                Console.Write(await child.Get<ISurroundings>().RunAsync("pwd"));
            }

            return 0;

        // Starts contexts until one does not come up, and calls those that did.
        case "crowd":
            // The framework ends a process whose pool finds no thread: this one has all that it may have from the start on. See ThreadLimitTests.
            int processors = Environment.ProcessorCount;
            _ = ThreadPool.SetMaxThreads(processors, 1);
            using (Barrier all = new(processors))
            {
                await Task.WhenAll(Enumerable.Range(1, processors).Select(_ => Task.Run(() => all.SignalAndWait())));
            }

            Console.WriteLine(); // what writing needs is loaded while there is still something to be had
            List<IRemoteContext> up = [];
            while (true)
            {
                try
                {
                    up.Add(await app.ConnectAsync(new LocalConnection { ConnectTimeout = TimeSpan.FromSeconds(20) }));
                }
                catch (BootstrapException e)
                {
                    Console.WriteLine(e.Message.ReplaceLineEndings(" "));
                    break;
                }
            }

            foreach (IRemoteContext context in up)
            {
                try
                {
                    Console.WriteLine(await context.Get<IProbe>().EchoAsync("up"));
                }
                catch (ContextLostException)
                {
                    Console.WriteLine("lost");
                }
            }

            Console.WriteLine("ready");
            return 0;

        default:
            return 2;
    }
});
