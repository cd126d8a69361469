using Mitogen;
using Mitogen.Testing;
using Template._1.Contracts;

namespace Template._1.Tests;

public sealed class GreeterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Greets_from_a_context_in_memory()
    {
        await using InProcessRoot root = InProcessRoot.Create();
        await using IRemoteContext context = await root.ConnectAsync(new SshConnection("web1") { Name = "web1" }, Token);

        Assert.StartsWith("Hello, world! This is web1", await context.Get<IGreeter>().GreetAsync("world", Token));
    }

    [Fact]
    public async Task A_fake_stands_in_for_the_service()
    {
        await using InProcessRoot root = InProcessRoot.Create();
        root.OnConnect<SshConnection>(connection => new FakeContext().Add<IGreeter>(new FakeGreeter()));
        await using IRemoteContext context = await root.ConnectAsync(new SshConnection("web1"), Token);

        Assert.Equal("Go away, world!", await context.Get<IGreeter>().GreetAsync("world", Token));
    }

    [Fact]
    public async Task Greets_from_a_process_of_its_own()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        await using IRemoteContext context = await root.ConnectAsync(new LocalConnection { Name = "child" }, Token);

        Assert.StartsWith("Hello, world! This is child", await context.Get<IGreeter>().GreetAsync("world", Token));
    }

    private sealed class FakeGreeter : IGreeter
    {
        public Task<string> GreetAsync(string name, CancellationToken cancellationToken) => Task.FromResult($"Go away, {name}!");
    }
}
