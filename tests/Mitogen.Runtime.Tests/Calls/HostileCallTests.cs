using System.Collections.Concurrent;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.TestContracts.Shapes;
using Mitogen.TestServices.Shapes;
using static Mitogen.Runtime.Tests.Kit.HostileCaller;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>What a child can do with the objects that it was given, and without any: it uses up what its account allows, and nothing else.</summary>
public sealed class HostileCallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4_000, false)]
    [InlineData(50_000, true)]
    public async Task A_chain_of_promises_of_any_length_fails_without_filling_the_stack(int length, bool reset)
    {
        using HostileCaller child = new();
        TaskCompletionSource failed = new();
        Prey prey = new()
        {
            Opened = _ =>
            {
                failed.Task.Wait(Cancellation);
                throw new IOException("no");
            },
        };
        ulong id = child.Grant<IPrey>(prey);
        _ = child.Call(Header<IPrey>(nameof(IPrey.Open), id, 0, PromiseBit | 1), Reference<IPrey>(0));
        ulong last = 0;
        for (ulong i = 1; i < (ulong)length; i++)
        {
            // Place 0 was used, which is seen when the promise among the arguments is settled.
            last = child.Call(Header<IPrey>(nameof(IPrey.Open), id, 0, PromiseBit | (i + 1)), Reference<IPrey>(PromiseBit | i));
            if (reset)
            {
                child.Reset(last);
            }
        }

        failed.SetResult();

        FrameHeader end = child.Attacked.Next(h => (reset ? h.Stream == 1 : h.Stream == last) && (h.IsEnd || h.Kind == FrameKind.Reset));
        Assert.Equal(reset ? FrameKind.Data : FrameKind.Reset, end.Kind);
        await Eventually.UntilAsync(() =>
        {
            child.Drain(); // each time: the answer of the first call may come after all others are refused
            return child.Held(Resource.Memory) == 0;
        });
        Assert.Equal(length, child.Held(Resource.Parked));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 200)]
    public void A_call_that_is_reset_while_it_waits_for_one_before_it_leaves_its_number_alone(int step, int left)
    {
        using HostileCaller child = new();
        ulong id = child.Grant<IPrey>(new Prey());
        byte[] arguments = Data(0, 60_000);
        for (int i = 0; i < 200; i++)
        {
            ulong stream = child.Call(Header<IPrey>(nameof(IPrey.RunAsync), id, 5 + (ulong)(i * step)), arguments);
            Assert.True(child.Held(Resource.Memory) > 60_000);
            child.Reset(stream);
            Assert.Equal(0, child.Held(Resource.Memory));
        }

        Assert.Equal(left, child.Held(Resource.Parked));
    }

    [Fact]
    public void A_call_that_is_reset_while_it_waits_for_a_promise_leaves_nothing_behind()
    {
        using HostileCaller child = new();
        using ManualResetEventSlim never = new();
        ulong id = child.Grant<IPrey>(new Prey { Opened = _ => { never.Wait(Cancellation); return new Prey(); } });
        _ = child.Call(Header<IPrey>(nameof(IPrey.Open), id, 0, PromiseBit | 1), Reference<IPrey>(0));
        long before = child.Held(Resource.Memory);
        for (ulong i = 0; i < 100; i++)
        {
            // On the promise, and with it as an argument.
            ulong on = child.Call(Header<IPrey>(nameof(IPrey.RunAsync), PromiseBit | 1, i), Data(0, 60_000));
            ulong with = child.Call(Header<IPrey>(nameof(IPrey.Open), id, i + 1, PromiseBit | (i + 2)), Reference<IPrey>(PromiseBit | 1));
            child.Reset(on);
            child.Reset(with);
        }

        Assert.Equal(before, child.Held(Resource.Memory));
        Assert.Equal(101, child.Held(Resource.Parked)); // the promises, which nobody released
        never.Set();
    }

    [Fact]
    public async Task A_child_cannot_call_what_it_was_not_given()
    {
        using HostileCaller child = new();
        CallHeader[] headers =
        [
            new(StreamContract.ContractId, 0, 0, default, StreamContract.Write.Id, 0, 0, 0),
            new(ItemsContract.Id, 0, 7, default, ItemsContract.Read.Id, 0, 0, PromiseBit | 1),
            Header<IPrey>(nameof(IPrey.Open), 0, 9, PromiseBit | 2),
            Header<IPrey>(nameof(IPrey.RunAsync), 4711, 9),
            Header<IPrey>(nameof(IPrey.RunAsync), PromiseBit | 4711, 9),
            new(0x1234, 0, ulong.MaxValue, default, 1, 0, 0, 0),
        ];
        foreach (CallHeader header in headers)
        {
            child.Skip(header);
            ulong stream = child.Call(header, new byte[100], missing: 50);

            FrameHeader answer = child.Attacked.Next(h => h.Stream == stream);
            Assert.Equal(FrameKind.Reset, answer.Kind);
        }

        Assert.Equal(0, child.Held(Resource.Parked));
        Assert.Equal(0, child.Held(Resource.Memory));
        using (HubLock locked = child.Hub.Enter())
        {
            Assert.Equal(0, child.Hub.Peers.ExportCount);
        }

        // What was given is served, and an object is called by its own contract.
        ulong id = child.Grant<IPrey>(new Prey());
        ulong served = child.Call(Header<IPrey>(nameof(IPrey.VoidAsync), id, 0), []);
        Assert.Equal(FrameKind.Data, child.Attacked.Next(h => h.Stream == served && (h.IsEnd || h.Kind == FrameKind.Reset)).Kind);
        ulong wrong = child.Call(new CallHeader(StreamContract.ContractId, id, 1, default, StreamContract.Write.Id, 0, 0, 0), Reference<IPrey>(id));
        Assert.Equal(FrameKind.Data, child.Attacked.Next(h => h.Stream == wrong && (h.IsEnd || h.Kind == FrameKind.Reset)).Kind);
        await Task.CompletedTask;
    }

    [Fact]
    public void A_method_that_promises_nothing_takes_no_promise()
    {
        using HostileCaller child = new();
        ulong id = child.Grant<IPrey>(new Prey());

        ulong stream = child.Call(Header<IPrey>(nameof(IPrey.VoidAsync), id, 0, PromiseBit | 1), []);

        Assert.Equal(FrameKind.Reset, child.Attacked.Next(h => h.Stream == stream).Kind);
        Assert.Equal(0, child.Held(Resource.Parked));
    }

    [Fact]
    public async Task Blocking_methods_for_a_child_take_no_more_threads_than_it_may_have()
    {
        const int Places = 3;
        using HostileCaller child = new(new KernelOptions { MaxBlockingCalls = Places });
        using ManualResetEventSlim open = new();
        Prey prey = new() { Blocked = (_, data) => { open.Wait(Cancellation); return data; } };
        ulong[] ids = [child.Grant<IPrey>(prey), child.Grant<IWork>(new Work { Sync = (_, data, _) => prey.Block(0, data) })];
        for (int i = 0; i < 300; i++)
        {
            CallHeader header = i % 2 == 0
                ? Header<IPrey>(nameof(IPrey.Block), ids[0], (ulong)i / 2)
                : Header<IWork>(nameof(IWork.Block), ids[1], (ulong)i / 2);
            ulong stream = child.Call(header, Data(0, 10));
            if (i < 290)
            {
                child.Reset(stream);
            }
        }

        await Eventually.UntilAsync(() => prey.Running == Places);
        Assert.Equal(Places, child.Held(Resource.Threads));
        ulong last = child.Call(Header<IPrey>(nameof(IPrey.VoidAsync), ids[0], 150), []);
        open.Set();

        // It is the last in its order: all blocking calls before it have started, and those that were reset while they waited have not.
        _ = child.Attacked.Next(h => h.Stream == last && h.IsEnd);
        await Eventually.UntilAsync(() => prey.Running == 0 && child.Held(Resource.Threads) == 0);
        Assert.Equal(Places, prey.Most);
        Assert.InRange(prey.Begun, 10, 10 + Places);
    }

    [Fact]
    public void A_chain_that_went_another_way_is_not_believed()
    {
        using HostileCaller child = new();
        ulong id = child.Grant<IPrey>(new Prey());
        Blocked thread = new();
        ChainId chain;
        using (HubLock locked = child.Hub.Enter())
        {
            chain = locked.Chains.Mint();
            locked.Chains.Enter(chain, thread);
        }

        ulong forged = child.Call(Header<IPrey>(nameof(IPrey.VoidAsync), id, 0, chain: chain), []);
        _ = child.Attacked.Next(h => h.Stream == forged && h.IsEnd);
        Assert.Equal(0, thread.Posted);

        using (HubLock locked = child.Hub.Enter())
        {
            locked.Chains.Sent(chain, chain, child.Attacked.Link);
        }

        _ = child.Call(Header<IPrey>(nameof(IPrey.VoidAsync), id, 1, chain: chain), []);
        Assert.Equal(1, thread.Posted);

        using (HubLock locked = child.Hub.Enter())
        {
            locked.Chains.Ended(chain, chain, child.Attacked.Link);
            locked.Chains.Leave(chain, thread);
        }
    }

    [Fact]
    public async Task Two_calls_of_one_chain_are_not_in_an_exclusive_service_together_because_their_caller_says_so()
    {
        using HostileCaller child = new();
        OneAtATime service = new(child.Attacked.Node.Self);
        ExclusiveGate gate = new();
        ulong id;
        using (HubLock locked = child.Hub.Enter())
        {
            id = child.Hub.Peers.Of(locked, child.Attacked.Attacker).Objects
                .Export(locked, service, RemoteCatalog.Default.Find<IOneAtATime>(), isResult: false, gate).Id;
        }

        // Each calls back, and is answered last: if both are inside, both have called.
        ChainId own = new(child.Attacked.Attacker, 7);
        for (ulong i = 0; i < 2; i++)
        {
            _ = child.Call(Header<IOneAtATime>(nameof(IOneAtATime.ItemsAsync), id, i, chain: own), BitConverter.GetBytes(1000));
        }

        await Eventually.UntilAsync(async () => await service.MostAsync() > 0);
        ulong last = child.Call(Header<IOneAtATime>(nameof(IOneAtATime.CountAsync), id, 2, chain: own), []);
        _ = child.Attacked.Next(h => h.Stream == last && h.IsEnd);

        Assert.Equal(1, await service.MostAsync());
    }

    [Fact]
    public async Task Two_calls_of_one_chain_from_below_go_on_as_two_and_have_its_name_where_it_began()
    {
        using HostileCaller child = new();
        ConcurrentQueue<(ChainId Chain, ChainId Name)> seen = new();
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong id = child.Grant<IPrey>(new Prey
        {
            Ran = async (_, data) =>
            {
                ChainId chain = CallScope.Current!.Chain;
                using (HubLock locked = child.Hub.Enter())
                {
                    seen.Enqueue((chain, locked.Chains.NameOf(chain, child.Attacked.Attacker, locked.Kernel)));
                }

                await ended.Task;
                return data;
            },
        });
        ChainId own = new(child.Attacked.Attacker, 7);
        for (ulong i = 0; i < 2; i++)
        {
            _ = child.Call(Header<IPrey>(nameof(IPrey.RunAsync), id, i, chain: own), Data(0, 10));
        }

        await Eventually.UntilAsync(() => seen.Count == 2);

        Assert.Equal(2, seen.Select(s => s.Chain).Distinct().Count());
        Assert.All(seen, s => Assert.Equal((child.Attacked.Node.Options.Id, own), (s.Chain.Context, s.Name)));
        ended.SetResult();
        await Eventually.UntilAsync(() =>
        {
            child.Drain();
            using (HubLock locked = child.Hub.Enter())
            {
                bool isOver = true;
                foreach ((ChainId chain, _) in seen)
                {
                    isOver &= locked.Chains.NameOf(chain, child.Attacked.Attacker, locked.Kernel) == chain;
                }

                return Task.FromResult(isOver);
            }
        });
    }

    [Fact]
    public void Memory_over_the_bound_is_refused_and_what_is_within_it_is_served()
    {
        const int Bound = 1024 * 1024;
        using HostileCaller child = new(new KernelOptions { MaxLinkMemory = Bound, InitialWindow = 1024 * 1024 });
        ulong id = child.Grant<IPrey>(new Prey());
        List<ulong> open = [];
        while (child.Held(Resource.Memory) < Bound - 100_000)
        {
            open.Add(child.Call(Header<IPrey>(nameof(IPrey.RunAsync), id, 10 + (ulong)open.Count), Data(0, 50_000), missing: 1));
        }

        ulong refused = child.Call(Header<IPrey>(nameof(IPrey.RunAsync), id, 9), Data(0, 500_000), missing: 1);
        Assert.Equal(FrameKind.Reset, child.Attacked.Next(h => h.Stream == refused && h.Kind == FrameKind.Reset).Kind);
        Assert.InRange(child.Held(Resource.Memory), 0, Bound);

        ulong served = child.Call(Header<IPrey>(nameof(IPrey.VoidAsync), id, 0), []);
        _ = child.Attacked.Next(h => h.Stream == served && h.IsEnd);
        open.ForEach(child.Reset);
        child.Drain();
        Assert.Equal(0, child.Held(Resource.Memory));
    }

    [Fact]
    public async Task Answers_that_a_child_does_not_take_are_charged_to_it()
    {
        using HostileCaller child = new(new KernelOptions { MaxLinkMemory = 1024 * 1024 });
        Prey prey = new() { Ran = (_, _) => Task.FromResult(new byte[100_000]) };
        ulong id = child.Grant<IPrey>(prey);
        int most = 0;
        List<ulong> streams = [];
        for (int i = 0; i < 40; i++)
        {
            // Each answer is larger than the window that the child granted, and waits for more.
            streams.Add(child.Call(Header<IPrey>(nameof(IPrey.RunAsync), id, (ulong)i), Data(0, 10)));
            await Eventually.UntilAsync(() => prey.Begun > i);
            child.Drain();
            most = Math.Max(most, (int)child.Held(Resource.Memory));
        }

        Assert.InRange(most, 500_000, 1024 * 1024);
        streams.ForEach(child.Reset);
        child.Drain();
        await Eventually.UntilAsync(() => child.Held(Resource.Memory) == 0);
    }

    [Fact]
    public void More_that_waits_than_a_child_may_have_waiting_ends_its_link()
    {
        const int Bound = 64;
        using HostileCaller child = new(new KernelOptions { MaxParkedCalls = Bound });
        ulong id = child.Grant<IPrey>(new Prey());
        for (ulong i = 0; i < Bound; i++)
        {
            child.Skip(Header<IPrey>(nameof(IPrey.VoidAsync), id, 2 + (2 * i)));
        }

        Assert.Equal(Bound, child.Held(Resource.Parked));

        ProtocolBrokenException error = Assert.Throws<ProtocolBrokenException>(
            () => child.Skip(Header<IPrey>(nameof(IPrey.VoidAsync), id, 1_000_000)));
        Assert.Contains("MaxParkedCalls", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Context {child.Attacked.Attacker} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_promises_than_a_child_may_have_end_its_link()
    {
        using HostileCaller child = new(new KernelOptions { MaxParkedCalls = 64 });
        ulong id = child.Grant<IPrey>(new Prey());

        ProtocolBrokenException error = Assert.Throws<ProtocolBrokenException>(() =>
        {
            for (ulong i = 0; i < 100; i++)
            {
                child.Skip(Header<IPrey>(nameof(IPrey.Open), id, i, PromiseBit | (i + 1)));
            }
        });
        Assert.Contains("MaxParkedCalls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_log_records_has_a_bound_of_its_own()
    {
        const int Bound = 1024 * 1024;
        using HostileCaller child = new();
        RemoteContract sink = RuntimeContracts.Catalog.Find<ILogSink>();

        ulong stream = child.Call(new CallHeader(sink.Id, 0, 0, default, sink.Methods[0].Id, 0, 0, 0), new byte[Bound + 1], missing: Bound);

        Assert.Equal(FrameKind.Reset, child.Attacked.Next(h => h.Stream == stream).Kind);
        Assert.Equal(0, child.Held(Resource.Memory));
    }

    [Fact]
    public async Task An_answer_that_a_method_cannot_have_is_refused_and_nothing_is_kept_of_it()
    {
        using HostileCaller child = new();
        Task call = child.Attacked.Handle().Get<IPrey>().VoidAsync();
        FrameHeader open = child.Attacked.Next(h => h.Kind == FrameKind.Open);

        child.Answer(open.Stream, 1_000_000, new byte[60_000]);

        ProtocolBrokenException error = await Assert.ThrowsAsync<ProtocolBrokenException>(() => call);
        Assert.Contains("has 1000000 bytes, and the method's results have 0 at the most", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, child.Held(Resource.Memory));
    }

    [Fact]
    public async Task Answers_over_the_bound_fail_their_calls_and_are_given_back_with_the_rest()
    {
        const int Bound = 1024 * 1024;
        using HostileCaller child = new(new KernelOptions { MaxLinkMemory = Bound, InitialWindow = 1024 * 1024 });
        IPrey prey = child.Attacked.Handle().Get<IPrey>();
        using CancellationTokenSource source = new();
        List<Task> calls = [];
        List<IAsyncEnumerator<byte[]>> readers = [];
        for (int i = 0; i < 30; i++)
        {
            calls.Add(prey.RunAsync(0, []));
            FrameHeader open = child.Attacked.Next(h => h.Kind == FrameKind.Open);
            child.Answer(open.Stream, 500_000, new byte[60_000]);
            Assert.InRange(child.Held(Resource.Memory), 0, Bound);
            readers.Add(prey.ItemsAsync(1, source.Token).GetAsyncEnumerator(Cancellation));
            ValueTask<bool> move = readers[^1].MoveNextAsync();
            open = child.Attacked.Next(h => h.Kind == FrameKind.Open);
            child.Answer(open.Stream, 100, new byte[50], AnswerKind.Items);
            calls.Add(move.AsTask());
        }

        Task refused = await Task.WhenAny(calls);
        InvalidOperationException error = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => refused);
        Assert.Contains("MaxLinkMemory", error.Message, StringComparison.Ordinal);

        using (HubLock locked = child.Hub.Enter())
        {
            locked.Kernel.LinkLost(child.Attacked.Link, new DisconnectReason(DisconnectKind.LinkBroken, "It is gone."));
        }

        foreach (Task call in calls)
        {
            _ = await Record.ExceptionAsync(() => call);
        }

        foreach (IAsyncEnumerator<byte[]> reader in readers)
        {
            await reader.DisposeAsync();
        }

        Assert.Equal(0, child.Charged.Held(Resource.Memory));
    }

    private sealed class Blocked : IBlockedThread
    {
        public int Posted { get; private set; }

        public void Post(IThreadPoolWorkItem item)
        {
            Posted++;
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
        }
    }
}
