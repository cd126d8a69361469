using System.Collections.Concurrent;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>User code never runs on a link's threads: it could block them.</summary>
public sealed class ThreadTests : CallTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task User_code_never_runs_on_a_links_thread(bool inRoot)
    {
        ConcurrentQueue<(string Where, string Thread)> seen = new();
        RecordingLoggers loggers = new();
        TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Tracked.Seen = Note;
        InProcessRoot root = NewRoot(new MitogenOptions { LoggerFactory = loggers });
        Work service = new()
        {
            Async = async (step, data, token) =>
            {
                Note("asynchronous method");
                _ = token.Register(() => Note("token's callback"));
                _ = step == 1 && waiting.TrySetResult();
                await (step == 1 ? Task.Delay(Timeout.Infinite, token) : Task.Yield().AsTask());
                Note("method's continuation");
                return data;
            },
            Sync = (_, data, _) =>
            {
                Note("blocking method");
                return data;
            },
            Told = _ =>
            {
                Note("one-way method");
                throw new IOException("logged");
            },
        };
        root.Add<IWork>(service).Add<ITracked>(new TrackedService(Note)).OnConnect<LocalConnection>(_ =>
        {
            Note("answer");
            return new FakeContext().Add<IWork>(service).Add<ITracked>(new TrackedService(Note));
        });
        IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        Note("connected");
        IRemoteContext context = inRoot ? root : child;
        _ = child.Disconnected.Register(() => Note("disconnected"));
        _ = root.Disconnected.Register(() => Note("root disconnected"));
        IWork work = context.Get<IWork>();
        ITracked tracked = context.Get<ITracked>();
        await CallAsync(work, tracked, Note);
        await Assert.ThrowsAsync<InvalidDataException>(() => tracked.EchoAsync(new Tracked { Value = -1 }));
        work.Tell(0);
        using (CancellationTokenSource source = new())
        {
            Task<byte[]> call = work.RunUntilAsync(1, source.Token).AsTask();
            await waiting.Task.InTimeAsync();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            Note("continuation");
        }

        Task<byte[]> pending = work.RunUntilAsync(1, CancellationToken.None).AsTask();
        await UntilAsync(() => seen.Any(s => s.Where == "one-way method") && loggers.Records.Any(r => r.Exception is IOException || r.Exception?.Message.Contains("logged", StringComparison.Ordinal) == true));
        await child.DisposeAsync();
        await root.DisposeAsync();
        await Assert.ThrowsAsync<ContextLostException>(() => pending);
        Note("continuation");
        await UntilAsync(() => seen.Any(s => s.Where == "disconnected") && seen.Any(s => s.Where == "root disconnected"));

        string[] expected =
        [
            "answer", "asynchronous method", "blocking method", "continuation", "disconnected", "formatter reads", "formatter writes",
            "method's continuation", "one-way method", "token's callback", "tracked method",
        ];
        Assert.Subset(seen.Select(s => s.Where).ToHashSet(), expected.ToHashSet());
        Assert.DoesNotContain(seen, s => IsLinkThread(s.Thread));
        Assert.NotEmpty(loggers.Records);
        Assert.DoesNotContain(loggers.Records, r => IsLinkThread(r.Thread));

        void Note(string where) => seen.Enqueue((where, Thread.CurrentThread.Name ?? ""));
    }

    private static async Task CallAsync(IWork work, ITracked tracked, Action<string> note)
    {
        for (int i = 0; i < 100; i++)
        {
            _ = await work.RunAsync(0, Bytes(i * 1000)).ConfigureAwait(false);
            note("continuation");
            _ = await tracked.EchoAsync(new Tracked { Value = i }).ConfigureAwait(false);
            note("continuation");
            _ = work.Block(0, []);
        }

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            _ = await work.RunAsync(0, Bytes(i * 100)).ConfigureAwait(false);
            note("continuation");
        })).ConfigureAwait(false);
    }

    // Blocking methods have threads of their own by that name.
    private static bool IsLinkThread(string name) => name.StartsWith("mitogen-", StringComparison.Ordinal) && name != "mitogen-call";

    private sealed class TrackedService(Action<string> note) : ITracked
    {
        public Task<Tracked> EchoAsync(Tracked value)
        {
            note("tracked method");
            return value.Value < 0 ? throw new InvalidDataException("negative") : Task.FromResult(value);
        }
    }
}

file static class Yielding
{
    public static async Task AsTask(this System.Runtime.CompilerServices.YieldAwaitable awaitable) => await awaitable;
}

/// <summary>Says when it is read and written, which formatters do.</summary>
public sealed class Tracked
{
    private int _value;

    internal static Action<string>? Seen { get; set; }

    public int Value
    {
        get
        {
            Seen?.Invoke("formatter writes");
            return _value;
        }

        set
        {
            Seen?.Invoke("formatter reads");
            _value = value;
        }
    }
}

[Remote]
public interface ITracked
{
    Task<Tracked> EchoAsync(Tracked value);
}
