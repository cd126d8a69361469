using Mitogen.Runtime.Tests.Calls;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Testing;

public sealed class InProcessRootTests : CallTest
{
    [Fact]
    public async Task Several_roots_live_in_one_process()
    {
        InProcessRoot[] roots = [.. Enumerable.Range(0, 5).Select(i => NewRoot(new MitogenOptions { Name = $"root{i}" }).Add<IWork>(new Work { Sync = (_, _, _) => [(byte)i] }))];
        foreach (InProcessRoot root in roots)
        {
            root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work { Sync = (_, _, _) => [(byte)root.Name[4]] }));
        }

        IRemoteContext[] children = await Task.WhenAll(roots.Select(r => r.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation)));

        for (int i = 0; i < roots.Length; i++)
        {
            Assert.Equal(1u, roots[i].Id);
            Assert.Equal([(byte)i], roots[i].Get<IWork>().Block(0, []));
            Assert.Equal([(byte)('0' + i)], children[i].Get<IWork>().Block(0, []));
            Assert.Same(roots[i].Name, children[i].Parent!.Name);
        }

        await roots[0].DisposeAsync();
        Assert.Equal([1], roots[1].Get<IWork>().Block(0, []));
    }

    [Fact]
    public async Task Answers_tell_connections_apart_by_name()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(c => c.Name switch
        {
            "bad" => FakeContext.Failing(BootstrapReason.ToolNotFound, "There is no such tool."),
            _ => new FakeContext().Add<IGlobalEcho>(new NamedEcho(c.Name!)),
        });
        IRemoteContext one = await root.ConnectAsync(new LocalConnection { Name = "one" }, Cancellation);
        IRemoteContext two = await root.ConnectAsync(new LocalConnection { Name = "two" }, Cancellation);

        Assert.Equal("one", await one.Get<IGlobalEcho>().EchoAsync(""));
        Assert.Equal("two", await two.Get<IGlobalEcho>().EchoAsync(""));
        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => root.ConnectAsync(new LocalConnection { Name = "bad" }, Cancellation));
        Assert.Equal((BootstrapReason.ToolNotFound, "bad", "root", "There is no such tool."), (error.Reason, error.ContextName, error.Hop, error.Detail));
        Assert.Equal(Environment.ProcessId, one.Info.ProcessId);
        Assert.NotEqual(one.Id, two.Id);
    }

    [Fact]
    public async Task Contexts_that_are_started_from_contexts_are_answered_too()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(c => new FakeContext().Add<IGlobalEcho>(new NamedEcho(c.Name!)));

        IRemoteContext context = root;
        for (int i = 0; i < 10; i++)
        {
            IRemoteContext parent = context;
            context = await context.ConnectAsync(new LocalConnection { Name = $"c{i}" }, Cancellation);
            Assert.Equal(parent.Name, context.Parent!.Name);
            Assert.Equal($"c{i}", await context.Get<IGlobalEcho>().EchoAsync(""));
        }

        Assert.Equal(Bytes(300_000).Length, (await context.Parent!.Get<IInsideOut>().EchoAsync(Bytes(300_000))).Length);
    }

    [Fact]
    public async Task Without_an_answer_the_catalogs_services_serve()
    {
        InProcessRoot root = NewRoot();
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);

        Assert.Equal([1, 2], await child.Get<IInsideOut>().EchoAsync([1, 2]));
        Assert.Equal([1, 2], await root.Get<IInsideOut>().EchoAsync([1, 2]));
        Assert.StartsWith("local-", child.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fake_stands_before_the_catalogs_service_and_the_rest_of_the_catalog_stays()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IGlobalEcho>(new NamedEcho("fake")));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);

        Assert.Equal("fake", await child.Get<IGlobalEcho>().EchoAsync(""));
        Assert.Equal([3], await child.Get<IInsideOut>().EchoAsync([3]));
    }

    [Fact]
    public async Task What_the_answer_throws_the_connection_throws()
    {
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => throw new InvalidDataException("the test's own fault"));

        await Assert.ThrowsAsync<InvalidDataException>(() => root.ConnectAsync(new LocalConnection(), Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    public async Task A_name_that_would_confuse_paths_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => NewRoot().ConnectAsync(new LocalConnection { Name = name }, Cancellation));
    }

    /// <summary>The default bounds, a hundredth of them: 1 GiB of arguments and of results, or one message of the largest size, meets none.</summary>
    [Theory]
    [InlineData(16, 640 * 1024)]
    [InlineData(1, (10 * 1024 * 1024) - 1024)]
    public async Task As_much_as_the_defaults_promise_comes_up_three_hops_at_once(int calls, int size)
    {
        await using InProcessRoot root = InProcessRoot.Create(
            new MitogenOptions { MaxMessageSize = 10 * 1024 * 1024, MaxLinkMemory = new MitogenOptions().MaxLinkMemory / 100 });
        IRemoteContext at = root;
        for (int hop = 0; hop < 3; hop++)
        {
            at = await at.ConnectAsync(new LocalConnection(), Cancellation);
        }

        byte[] data = new byte[size];
        byte[][] came = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => at.Get<IInsideOut>().EchoAsync(data)));

        Assert.All(came, c => Assert.Equal(size, c.Length));
    }

    private sealed class NamedEcho(string name) : IGlobalEcho
    {
        public Task<string> EchoAsync(string text) => Task.FromResult(name + text);
    }
}

[Remote]
public interface IInsideOut
{
    Task<byte[]> EchoAsync(byte[] data);
}

[RemoteService]
public sealed class InsideOut : IInsideOut
{
    public Task<byte[]> EchoAsync(byte[] data) => Task.FromResult(data);
}
