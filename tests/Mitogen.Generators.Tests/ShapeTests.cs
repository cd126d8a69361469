using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Every shape of a call: the generated code as accepted, compiled without a warning, and run over real bytes.</summary>
public sealed class ShapeTests
{
    [Fact]
    public async Task All_shapes()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            namespace App;

            [Remote]
            public interface IShapes
            {
                void Block();
                int Add(int left, int right);
                Task WaitAsync(CancellationToken cancellationToken);
                Task<string> GreetAsync(string name);
                ValueTask StoreAsync(List<string> lines);
                ValueTask<string?> FindAsync(CancellationToken cancellationToken, string key, string? fallback = null);
                [OneWay] void Log(string line);
                [OneWay] Task LogAsync(string line, CancellationToken cancellationToken = default);
                [OneWay] ValueTask FlushAsync();
            }

            [RemoteService]
            public sealed class Shapes : IShapes
            {
                private readonly List<string> _log = new();

                public void Block() => _log.Add("block");
                public int Add(int left, int right) => left + right;
                public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
                public Task<string> GreetAsync(string name) => Task.FromResult("hello " + name);
                public ValueTask StoreAsync(List<string> lines) { _log.AddRange(lines); return default; }
                public async ValueTask<string?> FindAsync(CancellationToken cancellationToken, string key, string? fallback)
                {
                    await Task.Yield();
                    return key == "log" ? string.Join(",", _log) : fallback;
                }
                public void Log(string line) => _log.Add(line);
                public Task LogAsync(string line, CancellationToken cancellationToken) { _log.Add(line); return Task.CompletedTask; }
                public ValueTask FlushAsync() { _log.Add("flush"); return default; }
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    var shapes = context.Get<IShapes>();
                    shapes.Block();
                    await shapes.StoreAsync(new() { "a", "b" });
                    shapes.Log("one way");
                    await shapes.LogAsync("later");
                    await shapes.FlushAsync();
                    using var source = new CancellationTokenSource(20);
                    string cancelled = "not cancelled";
                    try { await shapes.WaitAsync(source.Token); } catch (OperationCanceledException) { cancelled = "cancelled"; }
                    return $"{shapes.Add(2, 3)}; {await shapes.GreetAsync("you")}; {await shapes.FindAsync(default, "log")}; "
                        + $"{await shapes.FindAsync(default, "x") ?? "null"}; {await shapes.FindAsync(default, "x", "y")}; {cancelled}";
                }
            }
            """).AssertClean();

        Assert.Equal("5; hello you; block,a,b,one way,later,flush; null; y; cancelled", await sample.RunAsync());
        Snapshot.Verify(sample);
    }
}
