using Mitogen.Calls;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

[Collection(ProcessTests.Name)] // it counts this process's threads
public sealed class ConcurrencyTests
{
    private const int Lanes = 64;
    private const int Calls = 2000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

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

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => RunLaneAsync(lane), cancellation))).WaitAsync(s_patience, cancellation);

        Assert.Equal(Lanes * Calls, answered + cancelled);
        Assert.InRange(cancelled, 100, Lanes * Calls / 2);
        Assert.Equal(0, await StreamsAsync(root.Node.Hub));
        Assert.Equal(0, await StreamsAsync(inside));
        await root.DisposeAsync().AsTask().WaitAsync(s_patience, cancellation);
        Assert.Empty(await OurThreadsAsync());

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

    private static async Task<int> StreamsAsync(Mitogen.Calls.CallHub hub)
    {
        int count = 0;
        for (int i = 0; i < 200; i++)
        {
            using (HubLock locked = hub.Enter())
            {
                count = locked.Kernel.StreamCount;
            }

            if (count == 0)
            {
                break;
            }

            await Task.Delay(10);
        }

        return count;
    }

    private static async Task<string[]> OurThreadsAsync()
    {
        string[] names = [];
        for (int i = 0; i < 200; i++)
        {
            names = [.. Directory.GetDirectories("/proc/self/task").Select(NameOf).Where(n => n.StartsWith("mitogen-", StringComparison.Ordinal))];
            if (names.Length == 0)
            {
                break;
            }

            await Task.Delay(25);
        }

        return names;
    }

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
