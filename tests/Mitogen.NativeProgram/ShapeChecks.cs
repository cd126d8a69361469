namespace Mitogen.NativeProgram;

/// <summary>A call of each shape.</summary>
internal static class ShapeChecks
{
    public static async Task RunAsync(Checks checks, IRemoteContext context)
    {
        INativeShapes shapes = context.Get<INativeShapes>();
        await checks.RunAsync("task", async () => await shapes.EchoAsync("hello") == "hello");
        await checks.RunAsync("value task", async () => await shapes.AddAsync(2, 3) == 5);
        await checks.RunAsync("task without result", async () =>
        {
            await shapes.DoAsync();
            return true;
        });
        await checks.RunAsync("blocking", () => Task.Run(() =>
        {
            shapes.Do();
            return shapes.Add(2, 3) == 5 && shapes.Name == context.Name;
        }));
        await checks.RunAsync("one-way", async () =>
        {
            shapes.Post("a");
            await shapes.PostAsync("b");
            return (await shapes.PostedAsync(2)).SequenceEqual(["a", "b"]);
        });
        await checks.ThrowsAsync<OperationCanceledException>("cancellation", async () =>
        {
            using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(20));
            await shapes.WaitAsync(soon.Token);
        });
        await checks.ThrowsAsync<InvalidOperationException>("exception of a known type", () => shapes.FailAsync("no"));
        await checks.ThrowsAsync<TimeoutException>("deadline", async () =>
            await context.Get<INativeShapes>(new CallOptions { Timeout = TimeSpan.FromMilliseconds(20) }).WaitAsync(default));
        await checks.RunAsync("progress", async () =>
        {
            Reports reports = new();
            await shapes.CountAsync(3, reports);
            return reports.All.SequenceEqual([1, 2, 3]);
        });
        await StreamsAsync(checks, shapes);
        await ObjectsAsync(checks, shapes);
    }

    private static async Task StreamsAsync(Checks checks, INativeShapes shapes)
    {
        await checks.RunAsync("stream of items", async () =>
            (await shapes.OrdersAsync(100).ToListAsync()).Select(o => o.Id).SequenceEqual(Enumerable.Range(0, 100)));
        await checks.RunAsync("stream of items as an argument", async () =>
            await shapes.SumAsync(Enumerable.Range(1, 100).ToAsyncEnumerable()) == 5050);
        await checks.RunAsync("stream of items in a result", async () =>
            (await (await shapes.WordsAsync("a b c")).ToListAsync()).SequenceEqual(["a", "b", "c"]));
        await checks.RunAsync("stream of bytes as an argument", async () =>
            await shapes.LengthAsync(new MemoryStream(new byte[100_000])) == 100_000);
        await checks.RunAsync("stream of bytes in a result", () => Task.Run(() =>
        {
            using Stream content = shapes.Open(100_000);
            using MemoryStream copy = new();
            content.CopyTo(copy);
            return copy.Length == 100_000;
        }));
    }

    private static async Task ObjectsAsync(Checks checks, INativeShapes shapes)
    {
        await checks.RunAsync("promises", async () =>
        {
            await using IShelf shelf = shapes.Shelf("top");
            await using IShelf below = shelf.Below.Below;
            return await below.LabelAsync() == "top/below/below";
        });
        await checks.RunAsync("objects in a result", async () =>
        {
            List<IShelf> shelves = await shapes.ShelvesAsync("a", "b");
            return await shelves[0].LabelAsync() == "a" && await shelves[1].LabelAsync() == "b";
        });
        await checks.RunAsync("callback", async () => await shapes.AskAsync(new Answerer(), "why") == "why!");
    }

    private sealed class Reports : IProgress<int>
    {
        public List<int> All { get; } = [];

        public void Report(int value) => All.Add(value);
    }
}
