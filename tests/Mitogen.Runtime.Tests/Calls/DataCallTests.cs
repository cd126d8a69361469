using System.Runtime.CompilerServices;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class DataCallTests : CallTest
{
    private const int KiB = 1024;

    public static TheoryData<int> Sizes =>
        [0, 1, 255, 4 * KiB, (16 * KiB) - 100, (16 * KiB) - 1, 16 * KiB, (16 * KiB) + 1, (64 * KiB) - 1, 64 * KiB, (64 * KiB) + 1, 128 * KiB, 1024 * KiB, (1024 * KiB) + 1];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Arguments_and_results_of_any_size_arrive_as_they_are(int size)
    {
        byte[] sent = Bytes(size);
        foreach (bool inRoot in new[] { false, true })
        {
            byte[]? received = null;
            IWork work = await ServeAsync<IWork>(new Work { Async = (_, data, _) => new([.. received = data]) }, inRoot);

            byte[] answer = await work.RunAsync(0, sent);

            Assert.Equal(sent, received);
            Assert.Equal(sent, answer);
            Assert.Equal(sent, work.Block(0, sent));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_size_around_the_window_and_the_frame_passes(bool inRoot)
    {
        // The header, the length before the array and the array share the window: every cut between them is met.
        IWork work = await ServeAsync<IWork>(new Work(), inRoot, new MitogenOptions { InitialWindow = KiB });
        foreach (int around in new[] { KiB, 2 * KiB, 64 * KiB })
        {
            for (int size = around - 70; size <= around + 20; size++)
            {
                Assert.Equal(Bytes(size), await work.RunAsync(0, Bytes(size)));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Twenty_mebibytes_go_there_and_back(bool inRoot)
    {
        byte[] sent = Bytes(20 * KiB * KiB);
        IWork work = await ServeAsync<IWork>(new Work(), inRoot);

        byte[] answer = await work.RunAsync(0, sent);
        Assert.True(sent.AsSpan().SequenceEqual(answer));
        Assert.True(sent.AsSpan().SequenceEqual(work.Block(0, sent)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_collections_and_nulls_arrive_equal(bool inRoot)
    {
        IValues values = await ServeAsync<IValues>(new Values(), inRoot);
        Resident person = new("Ada", 36, new Address("St James's Square", 12), Rank.High)
        {
            Born = new DateTime(1815, 12, 10, 1, 2, 3, DateTimeKind.Utc),
            Tags = ["a", "", "ü€😀"],
        };

        Resident? back = await values.EchoPersonAsync(person);
        Assert.NotNull(back);
        Assert.Equal(person.Tags, back.Tags);
        Assert.Equal(person, back with { Tags = person.Tags });
        Assert.Equal(DateTimeKind.Utc, back.Born.Kind);
        Assert.Null(await values.EchoPersonAsync(null));
        Assert.Null((await values.EchoPersonAsync(person with { Home = null, Tags = null }))!.Home);

        Dictionary<string, List<Resident?>> map = await values.EchoMapAsync(new() { ["x"] = [null, person], [""] = [] });
        Assert.Equal(2, map.Count);
        Assert.Null(map["x"][0]);
        Assert.Equal("Ada", map["x"][1]!.Name);
        Assert.Empty(map[""]);

        (int? number, string? text, TimeSpan[] times) = await values.EchoTupleAsync((null, null, [TimeSpan.MinValue, TimeSpan.Zero]));
        Assert.Null(number);
        Assert.Null(text);
        Assert.Equal([TimeSpan.MinValue, TimeSpan.Zero], times);

        Assert.Null(await values.EchoStringsAsync(null));
        Assert.Equal([null, "", "x"], (await values.EchoStringsAsync([null, "", "x"]))!);
    }

    [Fact]
    public async Task Types_of_the_library_work_as_they_are()
    {
        IValues values = await ServeAsync<IValues>(new Values());
        Parcel parcel = new() { Id = Guid.NewGuid(), Prices = new() { ["x"] = 1.50m }, Inside = new Parcel { Id = Guid.NewGuid() } };

        Parcel back = await values.EchoParcelAsync(parcel);

        Assert.Equal(parcel.Id, back.Id);
        Assert.Equal(parcel.Prices, back.Prices);
        Assert.Equal(parcel.Inside.Id, back.Inside!.Id);
        Assert.Null(back.Inside.Prices);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Half_a_surrogate_pair_is_refused_with_the_method_and_the_item(bool inRoot)
    {
        ITexts texts = await ServeAsync<ITexts>(new Texts(), inRoot);

        string message = (await Assert.ThrowsAsync<ArgumentException>(() => texts.EchoAsync("cut \ud83d"))).Message;
        Assert.Contains("argument of ITexts.EchoAsync", message, StringComparison.Ordinal);
        Assert.Contains("half a surrogate pair at its character 4", message, StringComparison.Ordinal);

        InvalidOperationException result = await Assert.ThrowsAsync<InvalidOperationException>(() => texts.CutAsync("\ud83d\ude00"));
        Assert.Contains("result of ITexts.CutAsync", result.Message, StringComparison.Ordinal);

        InvalidOperationException item = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => _ = await texts.CutAllAsync(["a", "b", "\ud83d\ude00"], Cancellation).ToListAsync(Cancellation));
        Assert.Contains("Item 2 of ITexts.CutAllAsync", item.Message, StringComparison.Ordinal);
        Assert.Contains("half a surrogate pair at its character 0", item.Message, StringComparison.Ordinal);

        // A call that failed to be written is no burden to those after it.
        Assert.Equal("whole \ud83d\ude00", await texts.EchoAsync("whole \ud83d\ude00"));
    }

    [Remote]
    internal interface ITexts
    {
        Task<string> EchoAsync(string text);

        Task<string> CutAsync(string text);

        IAsyncEnumerable<string> CutAllAsync(string[] texts, CancellationToken cancellationToken);
    }

    private sealed class Texts : ITexts
    {
        public Task<string> EchoAsync(string text) => Task.FromResult(text);

        public Task<string> CutAsync(string text) => Task.FromResult(text[..1]);

        public async IAsyncEnumerable<string> CutAllAsync(string[] texts, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (string text in texts)
            {
                yield return text[..1];
            }
        }
    }
}
