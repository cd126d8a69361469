using Microsoft.Extensions.Logging;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>A method that works before it returns its task: what it does to the calls after it, and what can be done about it.</summary>
public sealed class HeldUpTests : CallTest
{
    [Fact]
    public async Task A_method_that_holds_up_others_is_told_by_its_name_once()
    {
        RecordingLoggers loggers = new();
        using ManualResetEventSlim release = new();
        InProcessRoot root = NewRoot(new MitogenOptions { LoggerFactory = loggers, WaitWarning = TimeSpan.FromMilliseconds(200) });
        Work work = new()
        {
            Async = (_, data, _) =>
            {
                release.Wait(Patience, Cancellation);
                return new(data);
            },
        };
        root.OnConnect<LocalConnection>(_ => new FakeContext().Add<IWork>(work).Add<IOtherWork>(work));
        IRemoteContext child = await root.ConnectAsync(new LocalConnection { Name = "busy" }, Cancellation);

        Task[] calls = [.. Enumerable.Range(0, 3).Select(step => child.Get<IWork>().RunAsync(step, []).AsTask())];
        await UntilAsync(() => loggers.Records.Any(r => IsOfHolder(r, "IWork")));

        // All methods that hold up others are looked at together: when this one is told, the first one has been looked at again.
        Task[] others = [.. Enumerable.Range(0, 2).Select(step => child.Get<IOtherWork>().RunAsync(step, []).AsTask())];
        await UntilAsync(() => loggers.Records.Any(r => IsOfHolder(r, "IOtherWork")));
        release.Set();
        await Task.WhenAll([.. calls, .. others]).InTimeAsync();

        // The second one of those that wait may have come after the first one has waited for long.
        RecordedLog told = Assert.Single(loggers.Records, r => IsOfHolder(r, "IWork"));
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Matches("^[12] calls in context 'root/busy' wait: IWork.RunAsync, which is before them,", told.Message);
    }

    [Fact]
    public async Task A_service_whose_calls_are_not_ordered_starts_each_at_once()
    {
        await using MitogenRoot root = MitogenRoot.Create();
        IEager eager = root.Get<IEager>();
        int[] met = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => eager.MeetAsync(3).AsTask())).InTimeAsync();
        Assert.Equal([3, 3, 3], met);
    }

    private static bool IsOfHolder(RecordedLog record, string contract) =>
        record.Message.Contains("Ordered = false", StringComparison.Ordinal) && record.Message.Contains($"wait: {contract}.", StringComparison.Ordinal);
}

[Remote]
public interface IEager
{
    ValueTask<int> MeetAsync(int others);
}

[RemoteService(Ordered = false)]
public sealed class Eager : IEager
{
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _complete = new();
    private int _inside; // under _lock

    /// <summary>Returns its task when as many calls as it is told are in it.</summary>
    public ValueTask<int> MeetAsync(int others)
    {
        lock (_lock)
        {
            if (++_inside == others)
            {
                _complete.Set();
            }
        }

        return new(_complete.Wait(Eventually.Patience) ? _inside : -1);
    }
}
