using Mitogen.TestContracts.Shapes;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Calls on promises that were not sent yet.</summary>
public sealed class PromiseTests : CallTest
{
    [Fact]
    public async Task A_chain_of_any_length_fails_as_its_first_call_does()
    {
        using ManualResetEventSlim made = new();
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => made.Wait(Patience) ? FakeContext.Failing(BootstrapReason.Refused, "Not today.") : throw new TimeoutException());
        INode node = root.Through(new LocalConnection { Name = "child" }).Get<IObjects>().Open("first");
        for (int i = 0; i < 20_000; i++)
        {
            node = node.Open("next");
        }

        Task<string> last = node.PathAsync();
        made.Set();

        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => last.InTimeAsync());
        Assert.Equal("IObjects.Open in context 'root/child'", failure.Data["Mitogen.Step"]);
    }

    [Fact]
    public async Task No_more_calls_wait_for_one_that_was_not_sent_than_may_wait()
    {
        using ManualResetEventSlim made = new();
        InProcessRoot root = NewRoot(new MitogenOptions { MaxWaitingCalls = 10 });
        root.OnConnect<LocalConnection>(_ => made.Wait(Patience) ? new FakeContext() : throw new TimeoutException());
        IObjects objects = root.Through(new LocalConnection { Name = "child" }).Get<IObjects>();
        INode node = objects.Open("x");
        Task<string>[] paths = [.. Enumerable.Range(0, 10).Select(_ => node.PathAsync())];
        Task<int>[] lives = [.. Enumerable.Range(0, 9).Select(_ => objects.LiveAsync())];

        Assert.Contains("MaxWaitingCalls", (await Assert.ThrowsAsync<InvalidOperationException>(() => node.PathAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("MaxWaitingCalls", (await Assert.ThrowsAsync<InvalidOperationException>(() => objects.LiveAsync())).Message, StringComparison.Ordinal);

        made.Set();
        Assert.All(await Task.WhenAll(paths).InTimeAsync(), path => Assert.Equal("x", path));
        Assert.All(await Task.WhenAll(lives).InTimeAsync(), live => Assert.InRange(live, 1, 2));
    }
}
