using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>The factories of services, and startup classes.</summary>
public sealed class GeneratedServiceTests
{
    private const string Source = """
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Logging;

        namespace App;

        [Remote]
        public interface IWork
        {
            ValueTask<string> DescribeAsync();
        }

        public sealed class Clock
        {
            public string Now => "noon";
        }

        public enum Mode { Slow, Fast = 5 }

        [RemoteService]
        internal sealed class Work(
            IRemoteContext context, ILogger<Work> log, Clock clock, Mode mode = Mode.Fast, int? retries = null, string name = "a\"b",
            double ratio = 1.5, decimal price = 2.50m, Version? version = null) : IWork
        {
            public ValueTask<string> DescribeAsync()
            {
                log.LogInformation("described");
                return new($"{context.Name} {clock.Now} {mode} {retries?.ToString() ?? "null"} {name} "
                    + FormattableString.Invariant($"{ratio} {price} {version is null}"));
            }
        }

        [RemoteStartup]
        internal static class Startup
        {
            internal static void Configure(IServiceCollection services) => services.AddSingleton<Clock>();
        }

        public static class Driver
        {
            public static async Task<string> RunAsync(IRemoteContext context) => await context.Get<IWork>().DescribeAsync();
        }
        """;

    [Fact]
    public async Task Constructor_parameters_are_supplied()
    {
        GeneratedSample sample = TestCompiler.Generate(Source).AssertClean();
        var lines = new List<string>();
        using var loggers = new ListLoggerFactory(lines);

        string result = await sample.RunAsync(startups =>
        {
            Assert.Equal(["App.Startup"], startups.Keys);
            var services = new ServiceCollection();
            services.AddSingleton<ILoggerFactory>(loggers);
            startups["App.Startup"](services);
            return services.BuildServiceProvider();
        });

        Assert.Equal("loopback noon Fast null a\"b 1.5 2.50 True", result);
        Assert.Equal(["App.Work: described"], lines);
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task A_missing_dependency_names_the_class_the_parameter_and_the_remedy()
    {
        GeneratedSample sample = TestCompiler.Generate(Source).AssertClean();
        using var loggers = new ListLoggerFactory([]);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => sample.RunAsync(_ =>
            new ServiceCollection().AddSingleton<ILoggerFactory>(loggers).BuildServiceProvider()));

        Assert.Equal(
            "The service App.Work needs a App.Clock for its constructor parameter 'clock', and nothing supplies one: " +
            "register it in the Configure method of a [RemoteStartup] class.",
            error.Message);
    }

    private sealed class ListLoggerFactory(List<string> lines) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => new ListLogger(lines, categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class ListLogger(List<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add($"{category}: {formatter(state, exception)}");
    }
}
