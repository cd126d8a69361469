using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Many starts at once: no more than the option says are under way.</summary>
public sealed class ConcurrentStartTests : LeakCheckedTest
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public async Task No_more_than_the_option_says_are_under_way_and_all_come_up(int most, bool further)
    {
        string folder = Directory.CreateTempSubdirectory("test-starts-").FullName;

        // Each start is one more file while it is under way, and notes how many there were.
        string script = Scripts.Write($"""
            touch {folder}/$$
            ls {folder} | grep -c '^[0-9]*$' >> {folder}/seen
            sleep 0.1
            rm {folder}/$$
            exec "$@"
            """);
        await using (var root = MitogenRoot.Create(new MitogenOptions { MaxConcurrentStarts = most }))
        {
            IRemoteContext from = further ? await root.ConnectAsync(new LocalConnection(), Cancellation) : root;
            IRemoteContext[] contexts = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(_ => from.ConnectAsync(new ExecConnection(script), Cancellation)));
            Assert.Equal(8, (await Task.WhenAll(contexts.Select(context => context.Get<IProbe>().EchoAsync("x")))).Length);
        }

        int[] seen = [.. File.ReadLines(Path.Combine(folder, "seen")).Select(int.Parse)];
        Assert.Equal(8, seen.Length);
        Assert.InRange(seen.Max(), 1, most);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_start_that_waits_for_its_turn_can_be_given_up_and_one_that_fails_gives_its_turn_on()
    {
        await using var root = MitogenRoot.Create(new MitogenOptions { MaxConcurrentStarts = 1 });
        IRemoteContext first = root.Through(new ExecConnection(Scripts.Write("exec sleep 1000")));
        using CancellationTokenSource cancel = new();
        Task<IRemoteContext> second = root.ConnectAsync(new LocalConnection(), cancel.Token);
        Task<IRemoteContext> third = root.ConnectAsync(new LocalConnection(), Cancellation);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);

        await first.DisposeAsync();

        Assert.Equal("x", await (await third).Get<IProbe>().EchoAsync("x"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_537)]
    public void The_option_has_a_range(int starts) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MitogenRoot.Create(new MitogenOptions { MaxConcurrentStarts = starts }));
}
