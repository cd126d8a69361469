using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mitogen.NativeProgram;
using Mitogen.Runtime.Tests.Leaks;

namespace Mitogen.Hosts.Tests.Connections;

/// <summary>The base of the tests that start contexts on real hosts.</summary>
public abstract class ConnectionTest : LeakCheckedTest
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly List<string> _scripts = [];

    private protected static string[] As(string user) => ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--reset-env"];

    /// <summary>What the contexts of a test logged, to be looked through for what must not be there.</summary>
    private protected ConcurrentQueue<string> Logged { get; } = [];

    /// <summary>A root whose contexts have the contracts of the native program, as its executable or as its assemblies.</summary>
    protected async Task<MitogenRoot> CreateRootAsync(Payload payload = Payload.Managed)
    {
        if (payload == Payload.Native)
        {
            _ = await NativeAot.Tests.NativeProgram.PayloadAsync();
        }

        return MitogenRoot.Create(new MitogenOptions
        {
            Catalog = Generated.Mitogen_NativeProgram.Catalog.Create(),
            LoggerFactory = new Loggers(Logged),
        });
    }

    protected static async Task AnswersAsync(IRemoteContext context, string? user = null)
    {
        Assert.Equal("well", await context.Get<IShapes>().EchoAsync("well"));
        if (user is not null)
        {
            Assert.Equal(user, context.Info.UserName);
        }
    }

    protected async Task<BootstrapException> FailsAsync(IRemoteContext from, Connection connection, BootstrapReason reason)
    {
        var clock = Stopwatch.StartNew();
        BootstrapException failure = await Assert.ThrowsAsync<BootstrapException>(() => from.ConnectAsync(connection, Cancellation));
        Assert.True(failure.Reason == reason, failure.ToString());
        Assert.Equal(from.Parent is null ? "root" : $"root/{from.Name}", failure.Hop);
        Assert.True(clock.Elapsed < s_patience, $"It took {clock.Elapsed}.");
        Assert.DoesNotContain(TestHost.Password, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }

    /// <summary>A script to take a tool's place: for tools that this machine has elsewhere or otherwise than connections expect.</summary>
    protected string Script(string body)
    {
        string path = Path.Combine(Path.GetTempPath(), "test-tool-" + Guid.NewGuid().ToString("N"));
        _scripts.Add(path);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    public override async ValueTask DisposeAsync()
    {
        _scripts.ForEach(File.Delete);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.DoesNotContain(Logged, line => line.Contains(TestHost.Password, StringComparison.Ordinal));
    }

    private sealed class Loggers(ConcurrentQueue<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
