using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Contracts as results: objects of the callee that the caller calls.</summary>
public sealed class NestedProxyTests : ShapeTest
{
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_result_is_called_and_released(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        INode node = await objects.CreateAsync("first");
        Assert.Equal("first", await node.PathAsync());
        Assert.Equal(2, await objects.LiveAsync());

        await node.DisposeAsync();
        Assert.Equal(1, await objects.LiveAsync());
        ObjectDisposedException disposed = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await node.PathAsync());
        Assert.StartsWith("Mitogen.TestContracts.Shapes.INode at ", disposed.ObjectName, StringComparison.Ordinal);
        Assert.Null(await objects.MaybeAsync(false));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Results_in_lists_dictionaries_and_records(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        IReadOnlyList<INode> many = await objects.CreateManyAsync(50);
        Assert.Equal("n49", await many[49].PathAsync());
        Dictionary<string, INode> named = await objects.CreateNamedAsync("a", "b");
        Assert.Equal("b", await named["b"].PathAsync());
        Labelled labelled = await objects.CreateLabelledAsync("l");
        Assert.Equal(("l", "l"), (labelled.Label, await labelled.Node.PathAsync()));

        foreach (INode node in many.Concat(named.Values).Append(labelled.Node))
        {
            await node.DisposeAsync();
        }

        Assert.Equal(1, await objects.LiveAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_same_object_is_one_proxy_and_one_that_comes_home_is_itself(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        INode same = await objects.SameAsync();
        Assert.Same(same, await objects.SameAsync());
        Assert.True(await objects.IsOwnAsync(same));
        Assert.Same(same, await objects.EchoAsync(same));

        Mine mine = new();
        Assert.False(await objects.IsOwnAsync(mine));
        Assert.Same(mine, await objects.EchoAsync(mine));
        Assert.Equal("mine", await objects.PathOfAsync(mine));
        await NothingIsExportedAsync();

        IObjects self = await objects.SelfAsync();
        await ((IAsyncDisposable)self).DisposeAsync();
        Assert.Equal("a label", await Task.Run(() => objects.Label, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_forgotten_proxy_releases_its_object(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        await CreateAndForgetAsync(objects);
        await UntilAsync(async () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return await objects.LiveAsync() == 1;
        });
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_call_that_carries_an_object_fails_and_nothing_stays(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        await Assert.ThrowsAsync<InvalidDataException>(() => objects.FailWithAsync(new Mine(), "no"));
        await NothingIsExportedAsync();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_object_of_one_context_is_called_from_another(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IRemoteContext sibling = await StartSiblingAsync(context);
        INode node = await context.Get<IObjects>().CreateAsync("shared");

        Assert.Equal("shared", await sibling.Get<IObjects>().PathOfAsync(node));
        Assert.Same(node, await sibling.Get<IObjects>().EchoAsync(node));
        Assert.False(await sibling.Get<IObjects>().IsOwnAsync(node));
        await NothingIsExportedAsync();

        await node.DisposeAsync();
        Assert.Equal(1, await context.Get<IObjects>().LiveAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_loss_of_the_owner_ends_calls_on_its_objects(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        INode node = await context.Get<IObjects>().CreateAsync("gone");
        await context.DisposeAsync();

        await Assert.ThrowsAsync<ContextLostException>(() => node.PathAsync());
        await node.DisposeAsync();
    }

    private static async Task CreateAndForgetAsync(IObjects objects)
    {
        for (int i = 0; i < 20; i++)
        {
            _ = await objects.CreateAsync("forgotten");
        }
    }

    private sealed class Mine : INode
    {
        public INode Open(string name) => this;

        public Task<string> PathAsync() => Task.FromResult("mine");

        public Task<IReadOnlyList<string>> ListAsync() => Task.FromResult<IReadOnlyList<string>>([]);

        public Task SetAsync(int value) => Task.CompletedTask;

        public Task<int> GetAsync() => Task.FromResult(0);

        public ValueTask DisposeAsync() => default;
    }
}
