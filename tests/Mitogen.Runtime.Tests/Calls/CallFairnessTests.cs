using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Small calls beside a thousand that do not end, on one link and on two. What large messages do to them is shown on the kernel.</summary>
public sealed class CallFairnessTests : CallTest
{
    private const int Open = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Calls_on_another_service_are_answered_beside_a_thousand_that_are_open(int hops)
    {
        TaskCompletionSource<byte[]> release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InProcessRoot root = NewRoot();
        root.OnConnect<LocalConnection>(_ => new FakeContext()
            .Add<IWork>(new Work { Async = (_, _, _) => new(release.Task) })
            .Add<IOtherWork>(new Work()));
        IRemoteContext context = root;
        for (int i = 0; i < hops; i++)
        {
            context = await context.ConnectAsync(new LocalConnection(), Cancellation);
        }

        Task<byte[]>[] open = [.. Enumerable.Range(0, Open).Select(i => context.Get<IWork>().RunAsync(i, []).AsTask())];
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal([(byte)i], await context.Get<IOtherWork>().RunAsync(i, [(byte)i]));
        }

        Assert.DoesNotContain(open, t => t.IsCompleted);
        release.SetResult([7]);
        Assert.All(await Task.WhenAll(open).InTimeAsync(), a => Assert.Equal([7], a));
    }
}
