using Mitogen.Calls;
using Mitogen.Multiplexing;
using Mitogen.Runtime.Tests.Kit;
using static Mitogen.Runtime.Tests.Kit.HostileCaller;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Whatever a child does with calls, in whatever order: in the end everything that it was charged is given back, once.</summary>
public sealed class CallAccountTests(ITestOutputHelper output)
{
    private const int Runs = 60;
    private const int Steps = 150;

    private static readonly Resource[] s_ofCalls = [Resource.Memory, Resource.Parked, Resource.Threads];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_any_sequence_of_calls_and_resets_nothing_is_charged()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("MITOGEN_SEED"), out int given) ? given : Environment.TickCount;
        for (int run = 0; run < Runs; run++, seed++)
        {
            output.WriteLine($"seed {seed}");
            await RunAsync(new Random(seed));
        }
    }

    private static async Task RunAsync(Random random)
    {
        using HostileCaller child = new(new KernelOptions { MaxBlockingCalls = 2, MaxLinkMemory = 2_000_000, InitialWindow = 1024 * 1024 });
        using ManualResetEventSlim open = new();
        TaskCompletionSource later = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Prey prey = new()
        {
            Opened = from => Wait(new Prey()),
            Blocked = (step, data) => Wait(data),
            Ran = async (step, data) =>
            {
                if (step == 1)
                {
                    await later.Task;
                }

                return step == 2 ? throw new IOException("It failed.") : data;
            },
        };
        ulong[] ids = [child.Grant<IPrey>(prey), child.Grant<IPrey>(new Prey())];
        List<ulong> targets = [.. ids];
        Dictionary<ulong, ulong> sequences = [];
        List<ulong> streams = [];
        ulong promise = PromiseBit;
        for (int step = 0; step < Steps; step++)
        {
            Step();
        }

        open.Set();
        later.SetResult();
        foreach (ulong stream in streams)
        {
            child.Reset(stream);
        }

        child.Drain();

        // All that the child let wait for numbers that it never sent goes with the objects.
        using (HubLock locked = child.Hub.Enter())
        {
            PeerObjects objects = child.Hub.Peers.Of(locked, child.Attacked.Attacker).Objects;
            foreach (ulong target in targets)
            {
                if (objects.Find(locked, target) is { } export)
                {
                    _ = objects.Release(locked, export, uint.MaxValue);
                }
            }
        }

        await Eventually.UntilAsync(() =>
        {
            child.Drain();
            return Task.FromResult(Array.TrueForAll(s_ofCalls, r => child.Held(r) == 0));
        });
        using (HubLock locked = child.Hub.Enter())
        {
            Assert.Equal(0, child.Hub.Peers.ExportCount);
        }

        T Wait<T>(T value)
        {
            open.Wait(Cancellation);
            return value;
        }

        void Step()
        {
            if (streams.Count > 0 && random.Next(4) == 0)
            {
                int index = random.Next(streams.Count);
                child.Reset(streams[index]);
                streams.RemoveAt(index);
                return;
            }

            if (random.Next(10) == 0)
            {
                child.Drain();
            }

            ulong target = targets[random.Next(targets.Count)];
            ulong sequence = random.Next(6) switch
            {
                0 => sequences.GetValueOrDefault(target) + (ulong)random.Next(1, 9),
                1 => 0,
                _ => sequences[target] = sequences.GetValueOrDefault(target) + 1,
            };
            int missing = random.Next(5) == 0 ? 1 : 0;
            int size = random.Next(3) == 0 ? random.Next(200_000) : random.Next(100);
            switch (random.Next(6))
            {
                case 0:
                    ulong made = ++promise;
                    ulong argument = random.Next(3) == 0 ? 0 : targets[random.Next(targets.Count)];
                    CallHeader header = Header<IPrey>(nameof(IPrey.Open), target, sequence, made);
                    if (random.Next(4) == 0)
                    {
                        child.Skip(header);
                    }
                    else
                    {
                        streams.Add(child.Call(header, Reference<IPrey>(argument), missing));
                    }

                    targets.Add(made);
                    break;
                case 1:
                    child.Skip(Header<IPrey>(nameof(IPrey.VoidAsync), target, sequence));
                    break;
                case 2:
                    streams.Add(child.Call(Header<IPrey>(nameof(IPrey.Block), target, sequence), Data(0, size), missing));
                    break;
                case 3:
                    streams.Add(child.Call(Header<IPrey>(nameof(IPrey.ItemsAsync), target, sequence), BitConverter.GetBytes(random.Next(300)), missing));
                    break;
                default:
                    streams.Add(child.Call(Header<IPrey>(nameof(IPrey.RunAsync), target, sequence), Data(random.Next(4), size), missing));
                    break;
            }
        }
    }
}
