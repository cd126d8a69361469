using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Contexts;

/// <summary>No two living contexts beside each other have one name.</summary>
public sealed class SiblingNameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_a_sibling_has_is_refused_until_that_one_has_ended()
    {
        await using InProcessRoot root = InProcessRoot.Create();
        root.OnConnect<LocalConnection>(_ => new FakeContext());
        IRemoteContext first = await root.ConnectAsync(new LocalConnection { Name = "one" }, Cancellation);
        await using IRemoteContext below = await first.ConnectAsync(new LocalConnection { Name = "one" }, Cancellation);

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(
            () => root.ConnectAsync(new LocalConnection { Name = "one" }, Cancellation));
        Assert.Contains("'root/one'", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => root.Through(new LocalConnection { Name = "one" }));

        await first.DisposeAsync();
        await using IRemoteContext second = await root.ConnectAsync(new LocalConnection { Name = "one" }, Cancellation);
        Assert.Equal("one", second.Name);
    }

    [Fact]
    public async Task A_name_that_is_chosen_is_not_one_that_was_given()
    {
        await using InProcessRoot root = InProcessRoot.Create();
        root.OnConnect<LocalConnection>(_ => new FakeContext());
        IRemoteContext chosen = await root.ConnectAsync(new LocalConnection(), Cancellation);
        int number = int.Parse(chosen.Name.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
        HashSet<string> given = [.. Enumerable.Range(number + 1, 50).Select(n => $"local-{n}")];
        foreach (string name in given)
        {
            _ = await root.ConnectAsync(new LocalConnection { Name = name }, Cancellation);
        }

        IRemoteContext next = await root.ConnectAsync(new LocalConnection(), Cancellation);
        Assert.DoesNotContain(next.Name, given);
    }

    [Fact]
    public async Task Many_that_come_and_go_with_names_of_their_own_are_forgotten()
    {
        await using InProcessRoot root = InProcessRoot.Create();
        root.OnConnect<LocalConnection>(_ => new FakeContext());
        for (int i = 0; i < 300; i++)
        {
            await using IRemoteContext context = await root.ConnectAsync(new LocalConnection { Name = $"n{i % 150}" }, Cancellation);
            Assert.Equal($"n{i % 150}", context.Name);
        }
    }
}
