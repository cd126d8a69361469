using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Every shape of a call: the generated code as accepted, compiled without a warning, and run over real bytes.</summary>
public sealed class GeneratedShapeTests
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

    [Fact]
    public async Task An_argument_that_cannot_be_written_fails_its_call_alone()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            public class Shape { public int Sides { get; set; } }
            public sealed class Star : Shape { public int Points { get; set; } }

            [Remote]
            public interface IDraw
            {
                int Draw(Shape shape);
                Task<int> DrawAsync(Shape shape);
                ValueTask StoreAsync(Shape shape);
                [OneWay] ValueTask PostAsync(Shape shape);
            }

            [RemoteService]
            public sealed class Drawing : IDraw
            {
                public int Draw(Shape shape) => shape.Sides;
                public Task<int> DrawAsync(Shape shape) => Task.FromResult(shape.Sides);
                public ValueTask StoreAsync(Shape shape) => default;
                public ValueTask PostAsync(Shape shape) => default;
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    var draw = context.Get<IDraw>();
                    var star = new Star();
                    var results = new List<string>();
                    try { draw.Draw(star); } catch (InvalidOperationException e) { results.Add(e.Message); }

                    // A method that returns a task does not throw.
                    Task[] tasks = { draw.DrawAsync(star), draw.StoreAsync(star).AsTask(), draw.PostAsync(star).AsTask() };
                    foreach (Task task in tasks)
                    {
                        try { await task; } catch (InvalidOperationException e) { results.Add(e.Message); }
                    }

                    results.Add(draw.Draw(new Shape { Sides = 3 }).ToString());
                    return string.Join(",", results);
                }
            }
            """).AssertClean();

        Assert.Equal("refused,refused,refused,refused,3", await sample.RunAsync());
    }

    [Fact]
    public async Task A_one_way_call_whose_token_is_cancelled_is_not_sent()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            [Remote]
            public interface ILog
            {
                [OneWay] void Write(string line, CancellationToken token);
                [OneWay] ValueTask WriteAsync(string line, CancellationToken token);
                int Count();
            }

            [RemoteService]
            public sealed class Log : ILog
            {
                private int _count;
                public void Write(string line, CancellationToken token) => _count++;
                public ValueTask WriteAsync(string line, CancellationToken token) { _count++; return default; }
                public int Count() => _count;
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    var log = context.Get<ILog>();
                    var cancelled = new CancellationToken(canceled: true);
                    int thrown = 0;
                    try { log.Write("a", cancelled); } catch (OperationCanceledException) { thrown++; }
                    ValueTask task = log.WriteAsync("b", cancelled);
                    try { await task; } catch (OperationCanceledException) { thrown++; }
                    await log.WriteAsync("c", default);
                    return $"{thrown} {log.Count()}";
                }
            }
            """).AssertClean();

        Assert.Equal("2 1", await sample.RunAsync());
    }

    [Fact]
    public void A_contract_without_methods_is_one() => TestCompiler.Generate("[Remote] public interface IMark;").AssertClean();
}
