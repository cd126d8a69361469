using Mitogen.Runtime.Tests.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Contexts;

public sealed class ContextChainTests : CallTest
{
    private readonly TaskCompletionSource<FakeContext> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_string_leads_to_the_last_context_which_ends_the_others_with_it()
    {
        InProcessRoot root = NewAnsweringRoot();
        IRemoteContext other = await root.ConnectAsync(new LocalConnection { Name = "other" }, Cancellation);

        IRemoteContext last = await root.ConnectAsync("local://?name=a+local://?name=b+local://?name=c", Cancellation);

        Assert.Equal(("c", "b", "a"), (last.Name, last.Parent!.Name, last.Parent.Parent!.Name));
        Assert.Equal("c", await last.Get<IGlobalEcho>().EchoAsync(""));
        Assert.Equal(["other", "a"], root.Children.Select(child => child.Name));
        Assert.Equal(["c"], last.Parent.Children.Select(child => child.Name));
        Assert.Empty(last.Children);

        await last.DisposeAsync();
        Assert.Equal(["other"], root.Children.Select(child => child.Name));
        Assert.Equal(DisconnectKind.Disposed, last.DisconnectReason!.Kind);
        Assert.Equal("other", await other.Get<IGlobalEcho>().EchoAsync(""));
        await last.ShutdownAsync(Cancellation);
    }

    [Fact]
    public async Task A_chain_starts_from_any_context_and_a_chain_of_one_is_that_one()
    {
        InProcessRoot root = NewAnsweringRoot();
        IRemoteContext child = await root.ConnectAsync([new LocalConnection { Name = "child" }], Cancellation);
        IRemoteContext last = await child.ConnectAsync([new LocalConnection { Name = "a" }, new LocalConnection { Name = "b" }], Cancellation);
        IRemoteContext further = await last.ConnectAsync("local://?name=c", Cancellation);

        Assert.Equal(["child"], root.Children.Select(context => context.Name));
        Assert.Equal(["a"], child.Children.Select(context => context.Name));
        Assert.Equal(["c"], last.Children.Select(context => context.Name));
        Assert.Same(further, Assert.Single(last.Children));
        await last.DisposeAsync();
        Assert.Empty(child.Children);
        Assert.Equal(["child"], root.Children.Select(context => context.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_loss_of_one_ends_all(bool isLast)
    {
        InProcessRoot root = NewAnsweringRoot();
        IRemoteContext last = await root.ConnectAsync("local://?name=a+local://?name=b+local://?name=c", Cancellation);
        IRemoteContext lost = isLast ? Assert.Single(last.Parent!.Children) : Assert.Single(root.Children);

        await lost.DisposeAsync();

        await Eventually.UntilAsync(() => root.Children.Count == 0);
        await Assert.ThrowsAsync<ContextLostException>(async () => await last.Get<IGlobalEcho>().EchoAsync(""));
        await last.DisposeAsync();
    }

    [Fact]
    public async Task A_hop_that_fails_ends_those_before_it_and_is_named()
    {
        InProcessRoot root = NewAnsweringRoot();

        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(
            () => root.ConnectAsync("local://?name=a+local://?name=bad+local://?name=c", Cancellation));

        Assert.Equal(("bad", "root/a", BootstrapReason.NoRuntime), (error.ContextName, error.Hop, error.Reason));
        Assert.Empty(root.Children);
        await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync("local://?name=a+local://?name=b%2Fc", Cancellation));
        Assert.Empty(root.Children);
    }

    [Fact]
    public async Task A_start_that_is_given_up_ends_what_was_started()
    {
        InProcessRoot root = NewAnsweringRoot();
        using CancellationTokenSource givenUp = new();
        Task<IRemoteContext> starting = root.ConnectAsync("local://?name=a+local://?name=slow", givenUp.Token);
        await _asked.Task.InTimeAsync();
        Assert.Equal(["a"], root.Children.Select(child => child.Name));

        await givenUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Empty(root.Children);
    }

    [Fact]
    public async Task Through_does_not_wait_and_calls_do()
    {
        InProcessRoot root = NewAnsweringRoot();
        IRemoteContext last = root.Through("local://?name=a+local://?name=slow");
        IGlobalEcho echo = last.Get<IGlobalEcho>();
        Task<string> call = echo.EchoAsync("");
        await _asked.Task.InTimeAsync();
        Assert.False(call.IsCompleted);

        _answer.SetResult(new FakeContext().Add<IGlobalEcho>(new NamedHop("slow")));

        Assert.Equal("slow", await call.InTimeAsync());
        await last.DisposeAsync();
        Assert.Empty(root.Children);
    }

    [Fact]
    public async Task Through_tells_each_call_of_the_hop_that_failed_and_ends_the_others()
    {
        InProcessRoot root = NewAnsweringRoot();
        IRemoteContext last = root.Through([new LocalConnection { Name = "a" }, new LocalConnection { Name = "bad" }, new LocalConnection { Name = "c" }]);

        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => last.Get<IGlobalEcho>().EchoAsync("")).InTimeAsync();

        Assert.Equal(("bad", "root/a"), (error.ContextName, error.Hop));
        await Eventually.UntilAsync(() => root.Children.Count == 0);
        await Assert.ThrowsAsync<BootstrapException>(() => last.Get<IGlobalEcho>().EchoAsync(""));
    }

    [Fact]
    public async Task A_chain_of_nothing_is_refused()
    {
        InProcessRoot root = NewAnsweringRoot();
        await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync([], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => root.ConnectAsync([new LocalConnection(), null!], Cancellation));
        Assert.Throws<ArgumentException>(() => root.Through(Array.Empty<Connection>()));
        await Assert.ThrowsAsync<FormatException>(() => root.ConnectAsync("http://web1", Cancellation));
        Assert.Throws<FormatException>(() => root.Through(""));
        Assert.Empty(root.Children);
    }

    private InProcessRoot NewAnsweringRoot() => NewRoot().OnConnect<LocalConnection>(connection =>
    {
        if (connection.Name == "slow")
        {
            _asked.SetResult();
            return _answer.Task.GetAwaiter().GetResult();
        }

        return connection.Name == "bad"
            ? FakeContext.Failing(BootstrapReason.NoRuntime, "There is no runtime.")
            : new FakeContext().Add<IGlobalEcho>(new NamedHop(connection.Name!));
    });

    private sealed class NamedHop(string name) : IGlobalEcho
    {
        public Task<string> EchoAsync(string text) => Task.FromResult(name);
    }
}
