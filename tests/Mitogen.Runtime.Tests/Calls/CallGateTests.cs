using System.Collections.Concurrent;
using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Runtime.Tests.Kit;
using static Mitogen.Runtime.Tests.Kit.HostileCaller;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>When the calls on one object start, frame by frame.</summary>
public sealed class CallGateTests : IDisposable
{
    private readonly HostileCaller _caller = new();
    private readonly ConcurrentQueue<int> _started = new();

    public void Dispose() => _caller.Dispose();

    [Fact]
    public void Calls_start_in_the_order_of_their_numbers_whatever_the_order_they_come_in()
    {
        ulong id = Grant();
        ulong[] streams = [.. ((ulong[])[2, 0, 3, 1]).Select(number => Run(id, number))];

        foreach (ulong stream in streams)
        {
            Answered(stream);
        }

        Assert.Equal([0, 1, 2, 3], _started);
        Assert.Equal(0, _caller.Held(Resource.Parked));
    }

    [Fact]
    public void A_call_that_waits_for_one_before_it_is_charged_until_that_has_come()
    {
        ulong id = Grant();
        ulong last = Run(id, 2);
        _ = Run(id, 1);
        Assert.Equal(2, _caller.Held(Resource.Parked));

        _ = Run(id, 0);

        Answered(last);
        Assert.Equal([0, 1, 2], _started);
        Assert.Equal(0, _caller.Held(Resource.Parked));
    }

    [Fact]
    public void A_number_that_was_given_up_before_it_was_sent_is_passed_over()
    {
        ulong id = Grant();
        ulong second = Run(id, 1);

        _caller.Skip(Header<IPrey>(nameof(IPrey.RunAsync), id, 0));

        Answered(second);
        Assert.Equal([1], _started);
    }

    [Fact]
    public void A_blocking_call_has_started_when_a_thread_has_it()
    {
        using ManualResetEventSlim open = new();
        ulong id = Grant(new Prey { Blocked = (_, data) => { Assert.True(open.Wait(Eventually.Patience, TestContext.Current.CancellationToken)); return data; }, Ran = Started });
        ulong blocking = _caller.Call(Header<IPrey>(nameof(IPrey.Block), id, 0), Data(0, 0));

        Answered(Run(id, 1));

        open.Set();
        Answered(blocking);
    }

    [Fact]
    public void An_asynchronous_call_has_started_when_its_method_has_returned_a_task()
    {
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim open = new();
        TaskCompletionSource<byte[]> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong id = Grant(new Prey
        {
            Ran = (step, data) =>
            {
                _started.Enqueue(step);
                entered.Set();
                Assert.True(step > 0 || open.Wait(Eventually.Patience, TestContext.Current.CancellationToken));
                return step == 0 ? ended.Task : Task.FromResult(data);
            },
            Blocked = (step, data) => { _started.Enqueue(step); return data; },
        });
        ulong first = Run(id, 0);
        Assert.True(entered.Wait(Eventually.Patience, TestContext.Current.CancellationToken));
        ulong blocking = _caller.Call(Header<IPrey>(nameof(IPrey.Block), id, 1), Data(1, 0));
        ulong third = Run(id, 2);

        // Another object's calls do not wait for these.
        Answered(Run(_caller.Grant<IPrey>(new Prey()), 0));
        Assert.Equal([0], _started);

        open.Set();
        AllAnswered(blocking, third);
        Assert.Equal([0, 1, 2], _started.Order());
        ended.SetResult([]);
        Answered(first);
    }

    [Fact]
    public void Calls_on_an_object_that_is_promised_start_when_it_is_there()
    {
        using ManualResetEventSlim open = new();
        ulong id = Grant(new Prey { Opened = _ => { Assert.True(open.Wait(Eventually.Patience, TestContext.Current.CancellationToken)); return new Prey { Ran = Started }; } });
        ulong promise = _caller.Call(Header<IPrey>(nameof(IPrey.Open), id, 0, PromiseBit | 1), Reference<IPrey>(0));
        ulong[] on = [.. Enumerable.Range(0, 3).Select(i => Run(PromiseBit | 1, (ulong)i))];

        // The promise, and what waits for it.
        Assert.Equal(4, _caller.Held(Resource.Parked));
        Answered(Run(_caller.Grant<IPrey>(new Prey()), 0));
        Assert.Empty(_started);

        open.Set();
        AllAnswered([promise, .. on]);
        Assert.Equal([0, 1, 2], _started);
    }

    [Fact]
    public void What_waits_for_a_call_that_cannot_come_any_more_is_refused()
    {
        ulong id = Grant();
        ulong waiting = Run(id, 7);

        CallHeader release = Header<IPrey>(nameof(IPrey.RunAsync), id, 0) with { Method = ReleaseCall.MethodId };
        _ = _caller.Call(release, BitConverter.GetBytes(1u));

        FrameHeader refused = _caller.Attacked.Next(h => h.Stream == waiting);
        Assert.Equal(FrameKind.Reset, refused.Kind);
        Assert.Empty(_started);
        Assert.Equal(0, _caller.Held(Resource.Parked));
    }

    private ulong Grant(Prey? prey = null) => _caller.Grant<IPrey>(prey ?? new Prey { Ran = Started });

    private Task<byte[]> Started(int step, byte[] data)
    {
        _started.Enqueue(step);
        return Task.FromResult(data);
    }

    private ulong Run(ulong id, ulong number) => _caller.Call(Header<IPrey>(nameof(IPrey.RunAsync), id, number), Data((int)number, 0));

    private void Answered(ulong stream) => AllAnswered(stream);

    private void AllAnswered(params ulong[] streams)
    {
        HashSet<ulong> left = [.. streams];
        left.ExceptWith(_answered);
        while (left.Count > 0)
        {
            foreach (FrameHeader end in _caller.Attacked.NextAll(h => h.IsEnd || h.Kind == FrameKind.Reset))
            {
                Assert.Equal(FrameKind.Data, end.Kind);
                _ = _answered.Add(end.Stream);
                _ = left.Remove(end.Stream);
            }
        }
    }

    private readonly HashSet<ulong> _answered = [];
}
