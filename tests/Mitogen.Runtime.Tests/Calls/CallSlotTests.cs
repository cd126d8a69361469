using Microsoft.Extensions.Logging;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>A call that waits for its turn goes on when another one ends, and when none does, the log says why.</summary>
public sealed class CallSlotTests : CallTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_that_wait_for_long_are_told_with_the_option_and_the_oldest(bool streams)
    {
        RecordingLoggers loggers = new();
        TaskCompletionSource<byte[]> release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        InProcessRoot root = NewRoot(new MitogenOptions { LoggerFactory = loggers, MaxOpenStreams = 2, WaitWarning = TimeSpan.FromMilliseconds(200) });
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(new Work { Async = (_, _, _) => new(release.Task) }).Add<ITicks>(new Ticks()));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "busy" }, Cancellation);
        List<IAsyncEnumerator<int>> enumerators = [];
        List<Task> calls = [];
        for (int i = 0; i < 3; i++)
        {
            if (streams)
            {
                enumerators.Add(child.Get<ITicks>().EndlessAsync(Cancellation).GetAsyncEnumerator(Cancellation));
            }

            calls.Add(streams ? enumerators[i].MoveNextAsync().AsTask() : child.Get<IWork>().RunAsync(i, []).AsTask());
        }

        await UntilAsync(() => loggers.Records.Any(r => r.Message.Contains("MaxOpenStreams", StringComparison.Ordinal)));

        RecordedLog told = Assert.Single(loggers.Records, r => r.Message.Contains("MaxOpenStreams", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.StartsWith("1 calls to context 'root/busy' wait: 2 are under way", told.Message, StringComparison.Ordinal);
        Assert.Contains(streams ? "ITicks.EndlessAsync" : "IWork.RunAsync", told.Message, StringComparison.Ordinal);
        Assert.False(calls[2].IsCompleted);

        release.SetResult([]);
        if (streams)
        {
            await enumerators[0].DisposeAsync();
        }

        await Task.WhenAll(calls).InTimeAsync();
        foreach (IAsyncEnumerator<int> one in enumerators)
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_call_fails_for_those_that_wait_while_there_is_room()
    {
        IRemoteContext child = await ContextOfAsync<IWork>(new Work(), options: new MitogenOptions { MaxWaitingCalls = 0 });

        Assert.Equal(2, await child.Get<IWork>().IncrementAsync(1));
        child.Get<IWork>().Tell(1);
    }
}

[Remote]
public interface ITicks
{
    IAsyncEnumerable<int> EndlessAsync(CancellationToken cancellationToken = default);
}

internal sealed class Ticks : ITicks
{
    public async IAsyncEnumerable<int> EndlessAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            await Task.Delay(1, cancellationToken);
            yield return i;
        }
    }
}
