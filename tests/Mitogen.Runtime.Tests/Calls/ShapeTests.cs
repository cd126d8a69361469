using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class ShapeTests : CallTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_shape_can_be_called(bool inRoot)
    {
        Shapes service = new();
        IShapes shapes = await ServeAsync<IShapes>(service, inRoot);

        Assert.Equal(12, shapes.Add(2));
        Assert.Equal(5, shapes.Add(2, 3));
        shapes.Store("kept");
        Assert.Equal("kept", shapes.Recall());
        await shapes.WaitAsync();
        Assert.Equal("Hello, you", await shapes.GreetAsync("you"));
        Assert.Equal("Bye, you", await shapes.GreetAsync("you", "Bye"));
        await shapes.TouchAsync();
        Assert.Equal(1, service.Touched);
        Assert.Equal(8, await shapes.TwiceAsync(4));
        Assert.Equal(8_000_000_000, await shapes.TwiceAsync(4_000_000_000L));
        Assert.Equal("abab", await shapes.TwiceAsync("ab"));
        Assert.True(await shapes.SeesTokenAsync(Cancellation, 3));
        Assert.Equal("shapes", shapes.Describe());
        Assert.Equal(7, await shapes.NumberAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_way_calls_start_in_order_and_do_not_wait(bool inRoot)
    {
        Shapes service = new();
        IShapes shapes = await ServeAsync<IShapes>(service, inRoot);

        Task sent = shapes.PostAsync("1", Cancellation);
        Assert.True(sent.IsCompletedSuccessfully);
        Task later = shapes.PostLaterAsync("2").AsTask();
        Assert.True(later.IsCompletedSuccessfully);
        shapes.Post("3");

        Assert.Equal(["1", "2", "3"], await service.ThreeLines.Task.InTimeAsync());
    }

    [Fact]
    public async Task A_one_way_call_with_a_cancelled_token_sends_nothing()
    {
        Shapes service = new();
        IShapes shapes = await ServeAsync<IShapes>(service);

        Assert.True(shapes.PostAsync("never", new CancellationToken(canceled: true)).IsCanceled);
        await shapes.PostLaterAsync("1");
        await shapes.PostLaterAsync("2");
        await shapes.PostLaterAsync("3");

        Assert.Equal(["1", "2", "3"], await service.ThreeLines.Task.InTimeAsync());
    }

    [Fact]
    public async Task Contracts_may_be_nested_internal_and_global()
    {
        InProcessRoot root = NewRoot();
        root.Add<IGlobalEcho>(new GlobalEcho()).Add<Outer.INested>(new Nested());

        Assert.Equal("hi", await root.Get<IGlobalEcho>().EchoAsync("hi"));
        Assert.Equal("inside", root.Get<Outer.INested>().Where());
    }

    [Fact]
    public async Task A_base_contract_is_a_contract_of_its_own()
    {
        InProcessRoot root = NewRoot();
        Shapes service = new();
        root.Add<INumbered>(service);

        Assert.Equal(7, await root.Get<INumbered>().NumberAsync());
        Assert.Equal("shapes", root.Get<INumbered>().Describe());
    }

    [Fact]
    public async Task A_proxy_says_what_it_stands_for()
    {
        IWork work = await ServeAsync<IWork>(new Work());

        Assert.Equal("Mitogen.Runtime.Tests.Calls.IWork at root/child", work.ToString());
    }

    private sealed class Nested : Outer.INested
    {
        public string Where() => "inside";
    }
}
