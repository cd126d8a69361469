using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>Nothing that runs on a thread of the runtime's, or in a callback of a timer or of the pool, ends the process: here each of them throws.</summary>
public sealed class CallbackSafetyTests : CallTest
{
    private static RemoteContract<IKept> Contract => RemoteCatalog.Default.Find<IKept>();

    [Fact]
    public async Task A_logger_that_throws_keeps_nothing_from_going_on()
    {
        using ThrowingLoggers loggers = new();
        IRemoteContext child = await ContextOfAsync<IWork>(
            new Work { Told = _ => throw new InvalidDataException() }, options: new MitogenOptions { LoggerFactory = loggers });
        child.Get<IWork>().Tell(1); // it fails over there
        await child.Get<IObjects>().Open("").DisposeAsync(); // a promise that fails, and that nobody asks for
        await UntilAsync(() => loggers.Count >= 2);

        Assert.Equal(2, await child.Get<IWork>().IncrementAsync(1));
    }

    [Fact]
    public async Task A_report_that_throws_is_told_and_the_call_goes_on()
    {
        using ThrowingLoggers loggers = new();
        IBytes bytes = (await ContextOfAsync<IWork>(new Work(), options: new MitogenOptions { LoggerFactory = loggers })).Get<IBytes>();

        Assert.Equal(3, await bytes.WorkAsync(3, new ThrowingProgress(), Cancellation));
        await UntilAsync(() => loggers.Count >= 3);
    }

    [Fact]
    public void A_continuation_that_throws_ends_nothing_else()
    {
        RecordingLoggers loggers = new();
        using AttackedNode attacked = new(LinkRole.Child, loggers: loggers);
        IWork work = attacked.Handle().Get<IWork>();
#pragma warning disable CA2012 // a consumer of its own making
        ValueTask<int> call = work.IncrementAsync(1);
        call.GetAwaiter().UnsafeOnCompleted(() => throw new InvalidDataException("from a continuation"));
#pragma warning restore CA2012
        ulong stream = attacked.Next(h => h.Kind == FrameKind.Open).Stream;

        attacked.Feed(FrameKind.Reset, FrameFlags.FromAcceptor, stream, [(byte)ResetCode.Malformed]);

        Eventually.Until(() => loggers.Records.Any(r => r.Exception?.Message == "from a continuation"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_throws_at_the_end_of_a_deadline_or_at_a_cancellation_ends_nothing(bool deadline)
    {
        RecordingLoggers loggers = new();
        using AttackedNode attacked = new(LinkRole.Child, loggers: loggers);
        using CancellationTokenSource cancel = new();
        ContextHandle handle = attacked.Handle();
        Task call = Task.CompletedTask;
        foreach (TimeSpan time in Eventually.LongerTimes(TimeSpan.FromSeconds(1)))
        {
            attacked.IsBroken = false;
            call = handle.Get<IWork>(new CallOptions { Timeout = deadline ? time : null }).RunUntilAsync(1, deadline ? Cancellation : cancel.Token).AsTask();
            _ = attacked.Next(h => h.Kind == FrameKind.Open);
            attacked.IsBroken = true;
            if (!call.IsCompleted)
            {
                break;
            }
        }

        cancel.CancelAfter(1); // on a timer's thread

        Eventually.Until(() => loggers.Records.Any(r => r.Exception?.Message == "The link is broken."));
        attacked.IsBroken = false;
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => call.InTimeAsync());
        Assert.True(deadline ? error is TimeoutException { Message: not "The operation has timed out." } : error is OperationCanceledException, error.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_release_that_fails_is_counted_and_told_and_the_others_go_on(bool throwing)
    {
        RecordingLoggers recording = new();
        using ThrowingLoggers failing = new();
        using AttackedNode attacked = new(LinkRole.Child, loggers: throwing ? failing : recording);
        CallEndpoint peer = attacked.Handle();
        using (HubLock locked = attacked.Node.Hub.Enter())
        {
            for (ulong id = 1; id <= 100; id++)
            {
                peer.Objects.Import(locked, id, Contract.Id).Return(locked, 1);
            }
        }

        // Whatever a hostile context answers: an exception, a refusal of any kind, a result of any length.
        for (int i = 0; i < 100;)
        {
            foreach (FrameHeader opened in attacked.NextAll(h => h.Kind == FrameKind.Open))
            {
                if (i++ % 3 == 0)
                {
                    attacked.Feed(FrameKind.Reset, FrameFlags.FromAcceptor, opened.Stream, [(byte)i]);
                }
                else
                {
                    attacked.Feed(FrameKind.Data, FrameFlags.FromAcceptor | FrameFlags.End, opened.Stream, Answer((byte)(i % 4), 3));
                }
            }
        }

        Eventually.Until(() => throwing ? failing.Count > 0 : recording.Records.Any(r => r.Message.Contains("releases of objects", StringComparison.Ordinal)));
        Eventually.Until(() => attacked.StreamCount == 0);
    }

    [Fact]
    public async Task A_release_that_finds_no_room_is_made_again_and_the_others_with_it()
    {
        using AttackedNode attacked = new(LinkRole.Child);
        CallEndpoint peer = attacked.Handle();
        List<Task> returned = [];
        Queue<FrameHeader> waiting = [];
        using (HubLock locked = attacked.Node.Hub.Enter())
        {
            for (ulong id = 1; id <= 100; id++)
            {
                returned.Add(peer.Objects.Import(locked, id, Contract.Id).ReturnAsync(locked, 1));
            }
        }

        // All that are under way at first, and then the first one of each time.
        for (int refused = 0; refused < ReleaseQueue.MostAtOnce + 2; refused++)
        {
            FrameHeader opened = Opened();
            Assert.DoesNotContain(returned, static r => r.IsCompleted);
            attacked.Feed(FrameKind.Reset, FrameFlags.FromAcceptor, opened.Stream, [(byte)ResetCode.Busy]);
        }

        while (!returned.TrueForAll(static r => r.IsCompleted))
        {
            attacked.Feed(FrameKind.Data, FrameFlags.FromAcceptor | FrameFlags.End, Opened().Stream, [.. Answer(0, 1)[..^1], 1]);
        }

        await Task.WhenAll(returned);
        Assert.Equal(0, peer.Objects.ImportCount);

        FrameHeader Opened()
        {
            if (waiting.Count == 0)
            {
                foreach (FrameHeader header in attacked.NextAll(h => h.Kind == FrameKind.Open))
                {
                    waiting.Enqueue(header);
                }
            }

            return waiting.Dequeue();
        }
    }

    [Fact]
    public void What_was_forgotten_and_cannot_be_let_go_of_is_told()
    {
        RecordingLoggers loggers = new();
        using AttackedNode attacked = new(LinkRole.Child, loggers: loggers);
        int letGo = 0;
        attacked.Node.Hub.Forgotten.Add(new Forgotten(() => throw new InvalidDataException("from what was forgotten")));
        attacked.Node.Hub.Forgotten.Add(new Forgotten(() => letGo++));

        Eventually.Until(() => Volatile.Read(ref letGo) == 1);
        Eventually.Until(() => loggers.Records.Any(r => r.Exception?.Message == "from what was forgotten"));
    }

    [Fact]
    public void What_is_left_to_do_after_the_lock_is_done_when_some_of_it_throws()
    {
        RecordingLoggers loggers = new();
        using AttackedNode attacked = new(LinkRole.Child, loggers: loggers);
        int done = 0;
        using (HubLock locked = attacked.Node.Hub.Enter())
        {
            locked.Defer(new Deferred(() => throw new InvalidDataException("after the lock")));
            locked.Defer(new Deferred(() => done++));
        }

        Assert.Equal(1, done);
        Eventually.Until(() => loggers.Records.Any(r => r.Exception?.Message == "after the lock"));
    }

    private static byte[] Answer(byte kind, int length)
    {
        byte[] message = new byte[AnswerHeader.Size + length];
        new AnswerHeader((AnswerKind)kind, 0, (uint)length).Write(message);
        return message;
    }

    private sealed class Forgotten(Action letGo) : IForgotten
    {
        public void LetGo() => letGo();
    }

    private sealed class Deferred(Action run) : IDeferred
    {
        public void Run() => run();
    }

    private sealed class ThrowingProgress : IProgress<int>
    {
        public void Report(int value) => throw new InvalidDataException("from a report");
    }

    private sealed class ThrowingLoggers : ILoggerFactory, ILogger
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _ = Interlocked.Increment(ref _count);
            throw new InvalidOperationException("a logger");
        }

        public void Dispose()
        {
        }
    }
}
