using System.Globalization;
using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Calls;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Contexts;

/// <summary>Dropped frames are counted, and told once an interval.</summary>
public sealed class DroppedFramesTests
{
    private const int Many = 900;

    [Fact]
    public async Task Many_frames_make_one_record_an_interval()
    {
        RecordingLoggers loggers = new();
        using AttackedNode root = new(LinkRole.Child, new KernelOptions { LogIntervalMilliseconds = 3_600_000 }, loggers);

        Drop(root, 1);
        await Eventually.UntilAsync(() => Count(loggers) == 1);
        Drop(root, Many - 1);
        Lose(root);
        Drop(root, 1);
        await root.Node.EndSelfAsync(new DisconnectReason(DisconnectKind.Disposed, "It was disposed."));

        Assert.Single(Records(loggers));
        Assert.Contains("root/hostile", Records(loggers)[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_are_counted_however_slow_the_loggers_are()
    {
        using Slow slow = new();
        using AttackedNode root = new(LinkRole.Child, new KernelOptions { LogIntervalMilliseconds = 1 }, slow);

        Drop(root, 1);
        slow.Entered.Wait(TestContext.Current.CancellationToken);
        Drop(root, Many - 1);
        slow.Go.Set();
        await Eventually.UntilAsync(() => Count(slow.Recorded) == Many);

        Assert.InRange(Records(slow.Recorded).Length, 2, 20);
        Assert.Equal(1, slow.AtOnce);
    }

    private static RecordedLog[] Records(RecordingLoggers loggers) =>
        [.. loggers.Records.Where(r => r.Message.Contains("were dropped", StringComparison.Ordinal))];

    private static int Count(RecordingLoggers loggers) =>
        Records(loggers).Sum(r => int.Parse(r.Message.Split(' ')[0], CultureInfo.InvariantCulture));

    private static void Drop(AttackedNode root, int count)
    {
        byte[] frame = Frames.Of(new FrameHeader(0, FrameKind.Data, FrameFlags.None, 4711, root.Attacker, 1));
        for (int i = 0; i < count; i++)
        {
            using (HubLock locked = root.Node.Hub.Enter())
            {
                _ = locked.Kernel.Receive(root.Link, frame);
            }
        }
    }

    private static void Lose(AttackedNode root)
    {
        using (HubLock locked = root.Node.Hub.Enter())
        {
            locked.Kernel.LinkLost(root.Link, new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));
        }
    }

    /// <summary>Loggers of which the first record takes its time.</summary>
    private sealed class Slow : ILoggerFactory, ILogger
    {
        private int _now;

        public RecordingLoggers Recorded { get; } = new();

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public int AtOnce { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            AtOnce = Math.Max(AtOnce, Interlocked.Increment(ref _now));
            Entered.Set();
            Go.Wait();
            Recorded.CreateLogger("slow").Log(logLevel, eventId, state, exception, formatter);
            _ = Interlocked.Decrement(ref _now);
        }

        public void Dispose()
        {
            Go.Set();
            Recorded.Dispose();
        }
    }
}
