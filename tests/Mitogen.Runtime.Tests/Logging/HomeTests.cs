using Microsoft.Extensions.Logging;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts;

namespace Mitogen.Runtime.Tests.Logging;

/// <summary>What contexts log and print comes home.</summary>
public sealed class HomeTests : LeakCheckedTest
{
    private const string Path = "root/outer/inner";

    private readonly RecordedLogs _logs = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_record_comes_from_two_levels_down_with_all_that_it_has(bool isolated)
    {
        await InTwoLevelsAsync(isolated, talker => talker.LogAsync("over"));

        Recorded record = Assert.Single(_logs.All, r => r.Message == "over");
        Assert.Equal("Mitogen.TestServices.Talker", record.Category);
        Assert.Equal(LogLevel.Warning, record.Level);
        Assert.Equal((7, "Seven"), (record.Event.Id, record.Event.Name));
        Assert.Equal(Path, record.Context);
        Assert.Equal(["outer", "inner"], record.Scopes.Select(s => $"{s}"));
        Assert.Contains("System.InvalidOperationException: the cause", record.Exception!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_with_half_a_character_comes_too()
    {
        await InTwoLevelsAsync(false, talker => talker.LogEmojiAsync());

        Recorded record = Assert.Single(_logs.All, r => r.Category == "Mitogen.TestServices.Talker");
        Assert.Equal("cut \ufffd", record.Message);
        Assert.DoesNotContain(_logs.All, r => r.Message.Contains("dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_come_in_order()
    {
        await InTwoLevelsAsync(false, talker => talker.LogManyAsync(2000));

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{i}"), _logs.Messages("Mitogen.TestServices.Talker", Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Output_comes_by_lines_the_unterminated_last_one_included(bool isolated)
    {
        await InTwoLevelsAsync(isolated, async talker =>
        {
            await talker.PrintAsync("one\ntw");
            await talker.PrintAsync("o\n");
            await talker.RunShellAsync("echo three; echo out of band >&2");
            await talker.PrintErrorAsync("an error\nits last words");
            await talker.PrintAsync("the end");
        });

        Assert.Equal(["one", "two", "three", "the end"], _logs.Messages("stdout", Path));
        Assert.Equal(["out of band", "an error", "its last words"], _logs.Messages("stderr", Path));
    }

    [Fact]
    public async Task A_logger_that_throws_keeps_nothing_from_ending()
    {
        MitogenRoot root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = new ThrowingLogs() });
        await using IRemoteContext child = await root.ConnectAsync(new LocalConnection(), Cancellation);
        await child.Get<ITalker>().LogAsync("over");
        Assert.Equal("here", await child.Get<IProbe>().EchoAsync("here"));
        await root.DisposeAsync();
    }

    private async Task InTwoLevelsAsync(bool isolated, Func<ITalker, Task> talk)
    {
        await using var root = MitogenRoot.Create(new MitogenOptions { LoggerFactory = _logs });
        LocalConnection connection = new() { Isolated = isolated, GracePeriod = TimeSpan.FromSeconds(30) };
        IRemoteContext outer = await root.ConnectAsync(connection with { Name = "outer" }, Cancellation);
        IRemoteContext inner = await outer.ConnectAsync(connection with { Name = "inner" }, Cancellation);
        await talk(inner.Get<ITalker>());
    }

    private sealed class ThrowingLogs : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is IEnumerable<KeyValuePair<string, object?>> properties && properties.Any(p => p.Key == "MitogenContext"))
            {
                throw new InvalidOperationException("A logger's fault.");
            }
        }

        public void Dispose()
        {
            // Owns nothing.
        }
    }
}
