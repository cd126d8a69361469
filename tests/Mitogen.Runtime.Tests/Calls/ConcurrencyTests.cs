using Mitogen.Calls;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

[Collection(ProcessTests.Name)] // it counts this process's threads
public sealed class ConcurrencyTests
{
    private const int Lanes = 64;
    private const int Calls = 2000;

    [Fact]
    public async Task Many_calls_with_random_cancellations_end_exactly_once_and_leave_nothing()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        int answered = 0, cancelled = 0;
        InProcessRoot root = InProcessRoot.Create();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work
        {
            Async = async (step, data, token) =>
            {
                if (step % 16 == 0)
                {
                    await Task.Delay(step % 3, token);
                }

                return data.Length > 0 ? data : BitConverter.GetBytes(step);
            },
        }));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), cancellation);
        var inside = (await ChildNodes.OfAsync(child)).Hub;
        IWork work = child.Get<IWork>();
        byte[] large = new byte[70_000];

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => RunLaneAsync(lane), cancellation))).InTimeAsync();

        Assert.Equal(Lanes * Calls, answered + cancelled);
        Assert.InRange(cancelled, 100, Lanes * Calls / 2);
        await Eventually.UntilAsync(() => Streams(root.Node.Hub) == 0 && Streams(inside) == 0);
        await root.DisposeAsync().AsTask().InTimeAsync();
        await Eventually.UntilAsync(() => OurThreads().Length == 0, () => string.Join(' ', OurThreads()));

        async Task RunLaneAsync(int lane)
        {
            Random random = new(lane);
            for (int i = 0; i < Calls; i++)
            {
                int step = (lane * Calls) + i;
                try
                {
                    switch (random.Next(20))
                    {
                        case 0:
                            using (CancellationTokenSource soon = new())
                            {
                                ValueTask<byte[]> call = work.RunUntilAsync(step, soon.Token);
                                if (random.Next(2) == 0)
                                {
                                    await Task.Yield();
                                }

                                await soon.CancelAsync();
                                Assert.Equal(step, BitConverter.ToInt32(await call));
                            }

                            break;
                        case 1:
                            using (CancellationTokenSource timer = new(random.Next(3)))
                            {
                                Assert.Equal(step, BitConverter.ToInt32(await work.RunUntilAsync(step, timer.Token)));
                            }

                            break;
                        case 2 when i % 10 == 0:
                            Assert.Equal(large.Length, (await work.RunAsync(step, large)).Length);
                            break;
                        case 3:
                            Assert.Equal(step + 1, work.Increment(step));
                            break;
                        default:
                            Assert.Equal(step + 1, await work.IncrementAsync(step));
                            break;
                    }

                    _ = Interlocked.Increment(ref answered);
                }
                catch (OperationCanceledException)
                {
                    _ = Interlocked.Increment(ref cancelled);
                }
            }
        }
    }

    private static int Streams(Mitogen.Calls.CallHub hub)
    {
        using (HubLock locked = hub.Enter())
        {
            return locked.Kernel.StreamCount;
        }
    }

    private static string[] OurThreads() =>
        [.. Directory.GetDirectories("/proc/self/task").Select(NameOf).Where(n => n.StartsWith("mitogen-", StringComparison.Ordinal))];

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }
}
