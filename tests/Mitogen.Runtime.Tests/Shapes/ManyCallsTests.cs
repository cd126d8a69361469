using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>More calls than there are slots: those that others wait for go on, whoever makes them.</summary>
public sealed class ManyCallsTests : ShapeTest
{
    private const int Many = 1100;

    public static TheoryData<Where> Some { get; } = [Where.InProcess, Where.InProcessNested, Where.Local];

    [Theory]
    [MemberData(nameof(Some))]
    public async Task Each_of_many_calls_calls_back(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        Meeting meeting = new(Many);
        Task<string>[] calls = [.. Enumerable.Range(0, Many).Select(i => objects.AskAsync(meeting, $"{i}"))];

        string[] answers = await Task.WhenAll(calls).InTimeAsync();

        Assert.All(answers.Index(), a => Assert.Equal($"asked: {a.Index}", a.Item));
    }

    [Theory]
    [MemberData(nameof(Some))]
    public async Task Each_of_many_calls_goes_back_and_forth_three_levels_deep(Where where)
    {
        IPingPong there = await ServeAsync<IPingPong>(where);
        TestServices.Shapes.PingPong here = new();
        Task<int>[] calls = [.. Enumerable.Range(0, Many).Select(_ => there.PingAsync(3, here))];

        Assert.All(await Task.WhenAll(calls).InTimeAsync(), depth => Assert.Equal(3, depth));
    }

    [Theory]
    [MemberData(nameof(Some))]
    public async Task Calls_that_fan_out_three_levels_deep_end(Where where)
    {
        IPingPong there = await ServeAsync<IPingPong>(where);
        FanOut here = new(width: 6);

        // Each level has as many calls under way as the one above it, times the width.
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => there.PingAsync(3, here))).InTimeAsync();

        Assert.All(counts, count => Assert.Equal(3, count));
        Assert.Equal(200 * 6, here.Calls);
    }

    [Theory]
    [MemberData(nameof(Some))]
    public async Task Many_streams_starve_no_calls(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IItems items = context.Get<IItems>();
        List<IAsyncEnumerator<int>> streams = [.. Enumerable.Range(0, Many).Select(_ => items.EndlessAsync(Cancellation).GetAsyncEnumerator(Cancellation))];
        Task<bool>[] moves = [.. streams.Select(s => s.MoveNextAsync().AsTask())];

        Assert.Equal("a label", await Task.Run(() => context.Get<IObjects>().Label, Cancellation).InTimeAsync());
        await using (IRemoteContext below = await context.ConnectAsync(new LocalConnection(), Cancellation).InTimeAsync())
        {
            Assert.Equal("x", await below.Get<IObjects>().Open("x").PathAsync().InTimeAsync());
        }

        // Each of those that wait has its turn when others end.
        for (int i = 0; i < Many; i++)
        {
            Assert.True(await moves[i].InTimeAsync());
            await streams[i].DisposeAsync();
        }

        await items.AllEndedAsync(Cancellation);
    }

    /// <summary>Answers when all have asked, so that all calls are under way at once.</summary>
    private sealed class Meeting(int size) : IListener
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public async Task<string> AnswerAsync(string question)
        {
            if (Interlocked.Increment(ref _count) == size)
            {
                _all.SetResult();
            }

            await _all.Task;
            return question;
        }

        public string Answer(string question) => question;
    }

    /// <summary>Makes several calls of each that comes.</summary>
    private sealed class FanOut(int width) : IPingPong
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public async Task<int> PingAsync(int depth, IPingPong back)
        {
            if (depth == 0)
            {
                return 0;
            }

            _ = Interlocked.Add(ref _calls, width);
            return 1 + (await Task.WhenAll(Enumerable.Range(0, width).Select(_ => back.PingAsync(depth - 1, this))))[0];
        }

        public int Ping(int depth, IPingPong back) => throw new NotSupportedException();

        public Task<int> PingBlockingAsync(int depth, IPingPong back) => throw new NotSupportedException();
    }
}
