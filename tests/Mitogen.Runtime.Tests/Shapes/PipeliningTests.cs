using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Methods and properties that promise an object at once.</summary>
public sealed class PipeliningTests : ShapeTest
{
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Calls_on_promises_arrive_at_their_objects(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        Assert.Equal(["x/y/a", "x/y/b"], await objects.Open("x").Open("y").ListAsync());
        Assert.Equal("top/z", await objects.Top.Open("z").PathAsync());
        Assert.Equal("a label", await Task.Run(() => objects.Label, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_promise_keeps_the_order_of_its_calls(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        INode node = objects.Open("x");
        List<Task> sets = [];
        for (int i = 0; i < 100; i++)
        {
            sets.Add(node.SetAsync(i));
        }

        Assert.Equal(99, await node.GetAsync());
        await Task.WhenAll(sets);

        await node.ReadyAsync(Cancellation);
        await node.SetAsync(5);
        Assert.Equal(5, await node.GetAsync());
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_failure_reaches_whatever_depends_on_it(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IObjects objects = context.Get<IObjects>();
        INode broken = objects.Open("x").Open("broken");
        INode derived = broken.Open("more");

        Assert.Equal("x is broken.", (await Assert.ThrowsAsync<InvalidDataException>(() => broken.PathAsync())).Message);
        Assert.Equal("x is broken.", (await Assert.ThrowsAsync<InvalidDataException>(() => derived.ListAsync())).Message);
        Assert.Equal("x is broken.", (await Assert.ThrowsAsync<InvalidDataException>(() => objects.PathOfAsync(broken))).Message);
        Assert.Equal("x is broken.", (await Assert.ThrowsAsync<InvalidDataException>(async () => await derived.ReadyAsync(Cancellation))).Message);

        ArgumentException first = await Assert.ThrowsAsync<ArgumentException>(() => objects.Open("").Open("x").PathAsync());
        Assert.Equal($"IObjects.Open in context '{PathOf(context)}'", first.Data["Mitogen.Step"]);
        InvalidDataException second = await Assert.ThrowsAsync<InvalidDataException>(() => derived.ListAsync());
        Assert.Equal($"INode.Open in context '{PathOf(context)}'", second.Data["Mitogen.Step"]);
        second = await Assert.ThrowsAsync<InvalidDataException>(async () => await broken.ReadyAsync(Cancellation));
        Assert.Equal($"INode.Open in context '{PathOf(context)}'", second.Data["Mitogen.Step"]);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task What_depends_on_a_failure_that_is_known_fails_with_it_and_is_not_sent(Where where)
    {
        IObjects objects = (await StartAsync(where)).Get<IObjects>();
        INode broken = objects.Open("");
        _ = await Assert.ThrowsAsync<ArgumentException>(async () => await broken.ReadyAsync(Cancellation));

        // At once, before the object that the call in the middle promised can have heard of it.
        for (int i = 0; i < 100; i++)
        {
            _ = await Assert.ThrowsAsync<ArgumentException>(() => broken.Open("x").Open("y").PathAsync());
            _ = await Assert.ThrowsAsync<ArgumentException>(() => objects.PathOfAsync(broken.Open("x")));
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_promise_is_an_argument(Where where)
    {
        IRemoteContext context = await StartAsync(where);
        IObjects objects = context.Get<IObjects>();
        IRemoteContext sibling = await StartSiblingAsync(context);

        Assert.True(await objects.IsOwnAsync(objects.Open("x")));
        Assert.Equal("x/y", await objects.PathOfAsync(objects.Open("x").Open("y")));
        Assert.Equal("x", await sibling.Get<IObjects>().PathOfAsync(objects.Open("x")));
        await Assert.ThrowsAsync<InvalidDataException>(() => sibling.Get<IObjects>().PathOfAsync(objects.Open("x").Open("broken")));
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Disposing_a_promise_disposes_its_object(Where where)
    {
        IObjects objects = await ServeAsync<IObjects>(where);
        INode node = objects.Open("x");
        await node.DisposeAsync();
        Assert.Equal(1, await objects.LiveAsync());
        Assert.Throws<ObjectDisposedException>(() => node.Open("y"));
    }

    private static string PathOf(IRemoteContext context) =>
        context.Parent is { } parent ? $"{PathOf(parent)}/{context.Name}" : context.Name;

    [Fact]
    public async Task A_context_that_is_not_up_yet_takes_a_whole_chain()
    {
        IRemoteContext first = await StartAsync(Where.Local);
        IRemoteContext last = first.Through(new LocalConnection { Name = "a" }).Through(new LocalConnection { Name = "b" });
        Assert.Equal("x/y/z", await last.Get<IObjects>().Open("x").Open("y").Open("z").PathAsync());
    }
}
