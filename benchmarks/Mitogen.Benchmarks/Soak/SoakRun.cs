using System.Diagnostics;
using Benchmarks.Contexts;
using Mitogen;

namespace Benchmarks.Soak;

/// <summary>
/// 64 threads that block and 64 tasks that await, over one link, with calls cancelled at random and the other process killed at
/// random. Says at the end whether memory, descriptors and threads stayed flat.
/// </summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const int Callers = 64;
    private const int LeastSamples = 3; // in each third: a single one has whatever is in flight at that moment
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    // A call to a context that is gone fails at once: without a pause such calls would fill the time until the next one is up.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly MitogenRoot _root = MitogenRoot.Create();
    private readonly SoakCounts _counts = new();
    private readonly CancellationTokenSource _end = new();
    private IRemoteContext _context = null!;

    public static async Task<int> RunAsync(TimeSpan time)
    {
        await using SoakRun run = new();
        return await run.RunCoreAsync(time) ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        _end.Dispose();
    }

    private async Task<bool> RunCoreAsync(TimeSpan time)
    {
        Volatile.Write(ref _context, await _root.ConnectAsync(new LocalConnection { Name = "soak" }));
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(i => new Thread(() => Block(i)) { IsBackground = true })];
        Array.ForEach(threads, t => t.Start());
        Task[] tasks = [.. Enumerable.Range(0, Callers).Select(i => Task.Run(() => AwaitAsync(Callers + i)))];
        Task cutter = Task.Run(CutAsync);

        List<SoakSample> samples = [];
        long start = Stopwatch.GetTimestamp();
        for (int i = 1; i * s_interval <= time; i++)
        {
            await Task.Delay(s_interval - (Stopwatch.GetElapsedTime(start) - ((i - 1) * s_interval)));
            samples.Add(SoakSample.Take(_counts));
            Console.WriteLine($"{i * s_interval.TotalSeconds,5} s  {samples[^1]}");
        }

        await _end.CancelAsync();
        await Task.WhenAll([.. tasks, cutter]);
        Array.ForEach(threads, t => t.Join());
        return Judge(samples);
    }

    /// <summary>Compares the last third with the second: the first is the warm-up.</summary>
    private bool Judge(List<SoakSample> samples)
    {
        int third = samples.Count / 3;
        if (third < LeastSamples)
        {
            Console.WriteLine("Too short to say whether it is flat: 90 s at least.");
            return _counts.Wrong == 0;
        }

        bool flat = true;
        foreach ((string name, Func<SoakSample, double> value, double slack) in SoakSample.Measures)
        {
            double before = samples.Skip(third).Take(third).Average(value);
            double after = samples.TakeLast(third).Average(value);
            bool isFlat = after <= (before * 1.1) + slack;
            flat &= isFlat;
            Console.WriteLine($"{name}: {before:#,0.0} in the second third, {after:#,0.0} in the last: {(isFlat ? "flat" : "GROWS")}");
        }

        Console.WriteLine(_counts.Wrong == 0 && flat ? "flat" : _counts.Wrong == 0 ? "NOT FLAT" : $"{_counts.Wrong} WRONG ANSWERS OR UNEXPECTED ERRORS");
        return flat && _counts.Wrong == 0;
    }

    private void Block(int seed)
    {
        Random random = new(seed);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                int left = random.Next();
                _counts.Answered(Volatile.Read(ref _context).Get<IBench>().Add(left, 1) == unchecked(left + 1));
            }
            catch (Exception e) when (_counts.Expect(e))
            {
                if (e is ContextLostException)
                {
                    Thread.Sleep(s_pause);
                }
            }
        }
    }

    private async Task AwaitAsync(int seed)
    {
        Random random = new(seed);
        while (!_end.IsCancellationRequested)
        {
            IRemoteContext context = Volatile.Read(ref _context);
            using CancellationTokenSource cancel = new();
            try
            {
                switch (random.Next(10))
                {
                    case 0:
                        cancel.CancelAfter(random.Next(3));
                        await context.Get<IBulk>().WaitAsync(cancel.Token);
                        _counts.Answered(false);
                        break;
                    case 1:
                        byte[] data = new byte[random.Next(200_000)];
                        random.NextBytes(data);
                        _counts.Answered((await context.Get<IBench>().EchoAsync(data)).AsSpan().SequenceEqual(data));
                        break;
                    default:
                        int left = random.Next();
                        _counts.Answered(await context.Get<IBench>().AddAsync(left, 1) == unchecked(left + 1));
                        break;
                }
            }
            catch (Exception e) when (_counts.Expect(e))
            {
                if (e is ContextLostException)
                {
                    await Task.Delay(s_pause, CancellationToken.None);
                }
            }
        }
    }

    /// <summary>Kills the other process every few seconds and starts the next.</summary>
    private async Task CutAsync()
    {
        Random random = new(0);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(random.Next(1000, 9000), _end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            IRemoteContext context = _context;
            using (Process process = Process.GetProcessById(context.Info.ProcessId))
            {
                process.Kill();
            }

            Volatile.Write(ref _context, await _root.ConnectAsync(new LocalConnection { Name = "soak" }));
            await context.DisposeAsync();
            _counts.Cut();
        }
    }
}
