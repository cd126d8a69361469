using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Generated code passes every rule that a project can turn on.</summary>
public sealed class AnalysisTests
{
    [Fact]
    public void Generated_code_has_no_warnings_with_every_rule_on()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            using System.IO.Pipelines;

            namespace App;

            public sealed record Order(int Id, List<string?> Lines, (int X, string Y)? At) { public Order? Next { get; init; } }
            public sealed record Place(string Name, IItem? Item, List<Stream> Streams);
            public struct Point { public byte A; private long _b; public long B { readonly get => _b; set => _b = value; } }

            [Remote]
            public interface IItem : IAsyncDisposable
            {
                IItem Parent { get; }
                IItem Open(string path, IItem? from);
                int Size { get; }
                void Block(int a);
                Point Move(Point by);
                Task RunAsync(Order order, IProgress<Order>? progress, IProgress<int> count, CancellationToken cancellationToken);
                Task<Dictionary<string, Place>> AllAsync();
                ValueTask<Stream> ReadAsync(PipeWriter? writer);
                IAsyncEnumerable<Order?> WatchAsync(string text, IAsyncEnumerable<int> more, CancellationToken cancellationToken);
                [OneWay] void Post(Order order, CancellationToken cancellationToken);
                [OneWay] Task PostAsync(Order order, CancellationToken cancellationToken);
            }

            [RemoteService(Concurrency = ServiceConcurrency.Exclusive)]
            public sealed class Item(IRemoteContext self, Microsoft.Extensions.Logging.ILogger<Item> log, string name = "x") : IItem
            {
                public IItem Parent => this;
                public IItem Open(string path, IItem? from) => this;
                public int Size => self.Name.Length + name.Length + log.GetHashCode();
                public void Block(int a) { }
                public Point Move(Point by) => by;
                public Task RunAsync(Order order, IProgress<Order>? progress, IProgress<int> count, CancellationToken cancellationToken) =>
                    Task.CompletedTask;
                public Task<Dictionary<string, Place>> AllAsync() => Task.FromResult(new Dictionary<string, Place>());
                public ValueTask<Stream> ReadAsync(PipeWriter? writer) => new(Stream.Null);
                public IAsyncEnumerable<Order?> WatchAsync(string text, IAsyncEnumerable<int> more, CancellationToken cancellationToken) =>
                    throw new NotSupportedException();
                public void Post(Order order, CancellationToken cancellationToken) { }
                public Task PostAsync(Order order, CancellationToken cancellationToken) => Task.CompletedTask;
                public ValueTask DisposeAsync() => default;
            }

            [RemoteStartup]
            public static class Startup
            {
                public static void Configure(Microsoft.Extensions.DependencyInjection.IServiceCollection services) { }
            }
            """, isExecutable: true).AssertClean();

        IReadOnlyList<Diagnostic> found = NetAnalyzers.Analyze(sample);

        Assert.True(found.Count == 0, string.Join('\n', found.Select(static d => d.ToString()).Order(StringComparer.Ordinal)));
    }
}
