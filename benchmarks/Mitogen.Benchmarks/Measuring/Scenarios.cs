using System.Diagnostics;

namespace Benchmarks.Measuring;

/// <summary>The figures that every subject gives.</summary>
internal static class Scenarios
{
    /// <summary>The bytes of a long message.</summary>
    public const int EchoSize = 1024 * 1024;

    /// <param name="subject">What is measured.</param>
    /// <param name="time">How long each figure is measured; the warm-up takes as long.</param>
    /// <param name="pinned">Whether this process and the server share one core: then only single calls are measured.</param>
    public static async Task RunAsync(ISubject subject, TimeSpan time, bool pinned)
    {
        await SequentialAsync(subject, time, pinned);
        if (pinned || !subject.TakesLoad)
        {
            return;
        }

        foreach (int outstanding in (int[])[64, 1024])
        {
            await LoadAsync($"loops.{outstanding}", subject, time, stop => LoopsAsync(subject, outstanding, stop));
            await LoadAsync($"window.{outstanding}", subject, time, stop => WindowAsync(subject, outstanding, stop));
            await LoadAsync($"batch.{outstanding}", subject, time, stop => BatchesAsync(subject, outstanding, stop));
        }

        await EchoAsync(subject, time);
    }

    /// <summary>Calls one after the other for some time.</summary>
    public static async Task CallAsync(Func<ValueTask<int>> call, TimeSpan time, Latencies latencies)
    {
        long end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        for (long before = Stopwatch.GetTimestamp(); before < end && !latencies.IsFull;)
        {
            Check(await call(), 3);
            long after = Stopwatch.GetTimestamp();
            latencies.Add(after - before);
            before = after;
        }
    }

    private static async Task SequentialAsync(ISubject subject, TimeSpan time, bool pinned)
    {
        Func<ValueTask<int>> call = () => subject.AddAsync(1, 2);
        Latencies latencies = new();
        await CallAsync(call, time, latencies);
        latencies.Clear();

        Usage usage = Usage.Start(subject);
        await CallAsync(call, time, latencies);
        string prefix = pinned ? "pinned" : "free";
        usage.Print(prefix, latencies.Count);
        Figures.Print($"{prefix}.median", latencies.Quantile(0.5));
        Figures.Print($"{prefix}.p99", latencies.Quantile(0.99));
    }

    private static async Task LoadAsync(string name, ISubject subject, TimeSpan time, Func<Stopper, Task<long>> run)
    {
        _ = await run(new Stopper(time / 2));
        Usage usage = Usage.Start(subject);
        long start = Stopwatch.GetTimestamp();
        long calls = await run(new Stopper(time));
        Figures.Print($"{name}.rate", calls / Stopwatch.GetElapsedTime(start).TotalSeconds);
        usage.Print(name, calls);
    }

    /// <summary>As many callers as calls outstanding, each with one at a time.</summary>
    private static async Task<long> LoopsAsync(ISubject subject, int outstanding, Stopper stop)
    {
        async Task<long> LoopAsync()
        {
            long calls = 0;
            while (!stop.IsDue)
            {
                Check(await subject.AddAsync(1, 2), 3);
                calls++;
            }

            return calls;
        }

        Task<long>[] loops = new Task<long>[outstanding];
        for (int i = 0; i < loops.Length; i++)
        {
            loops[i] = Task.Run(LoopAsync);
        }

        return (await Task.WhenAll(loops)).Sum();
    }

    /// <summary>One caller, which awaits its oldest call before it makes the next.</summary>
    private static async Task<long> WindowAsync(ISubject subject, int outstanding, Stopper stop)
    {
        Queue<ValueTask<int>> window = new(outstanding);
        long calls = 0;
        while (!stop.IsDue)
        {
            window.Enqueue(subject.AddAsync(1, 2));
            if (window.Count == outstanding)
            {
                Check(await window.Dequeue(), 3);
                calls++;
            }
        }

        while (window.TryDequeue(out ValueTask<int> last))
        {
            Check(await last, 3);
            calls++;
        }

        return calls;
    }

    /// <summary>One caller, which makes all calls and then awaits them all.</summary>
    private static async Task<long> BatchesAsync(ISubject subject, int outstanding, Stopper stop)
    {
        ValueTask<int>[] batch = new ValueTask<int>[outstanding];
        long calls = 0;
        while (!stop.IsDue)
        {
            for (int i = 0; i < batch.Length; i++)
            {
                batch[i] = subject.AddAsync(1, 2);
            }

            for (int i = 0; i < batch.Length; i++)
            {
                Check(await batch[i], 3);
            }

            calls += batch.Length;
        }

        return calls;
    }

    private static async Task EchoAsync(ISubject subject, TimeSpan time)
    {
        byte[] data = new byte[EchoSize];
        new Random(1).NextBytes(data);
        for (int i = 0; i < 5; i++)
        {
            Check((await subject.EchoAsync(data)).AsSpan().SequenceEqual(data) ? 1 : 0, 1);
        }

        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        int echoes = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            Check((await subject.EchoAsync(data)).Length, EchoSize);
            echoes++;
        }

        Figures.Print("echo.rate", echoes * (EchoSize / 1e6) / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static void Check(int answer, int expected)
    {
        if (answer != expected)
        {
            throw new InvalidOperationException($"The answer is {answer} and not {expected}.");
        }
    }

    /// <summary>What the processes have used so far.</summary>
    private readonly record struct Usage(int Server, double ClientTime, double ServerTime, long Allocated)
    {
        public static Usage Start(ISubject subject)
        {
            GC.Collect();
            return new Usage(
                subject.ServerProcessId,
                ProcessorTime.Microseconds(Environment.ProcessId),
                ProcessorTime.Microseconds(subject.ServerProcessId),
                GC.GetTotalAllocatedBytes(precise: true));
        }

        public void Print(string name, long calls)
        {
            Figures.Print($"{name}.cpu.client", (ProcessorTime.Microseconds(Environment.ProcessId) - ClientTime) / calls);
            Figures.Print($"{name}.cpu.server", (ProcessorTime.Microseconds(Server) - ServerTime) / calls);
            Figures.Print($"{name}.allocated", (double)(GC.GetTotalAllocatedBytes(precise: true) - Allocated) / calls);
        }
    }

    /// <summary>Says when the time is up, without a system call each time.</summary>
    private sealed class Stopper(TimeSpan time)
    {
        private readonly long _end = Environment.TickCount64 + (long)time.TotalMilliseconds;

        public bool IsDue => Environment.TickCount64 >= _end;
    }
}
