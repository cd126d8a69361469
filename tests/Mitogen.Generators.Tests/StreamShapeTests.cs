using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests;

/// <summary>Streams of items and bytes and progress, in the code that is generated for them: as accepted, compiled and run.</summary>
public sealed class StreamShapeTests
{
    [Fact]
    public async Task Streams_of_items()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            using System.Runtime.CompilerServices;

            namespace App;

            public sealed record Line(int Number, string? Text);

            [Remote]
            public interface IStreams
            {
                IAsyncEnumerable<Line?> ReadAsync(int count, string enumerationToken, CancellationToken cancellationToken = default);
                IAsyncEnumerable<Line> LastAsync(CancellationToken token);
                Task<int> SumAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken);
                ValueTask<(string Name, IAsyncEnumerable<Line?> Lines)> OpenAsync(IAsyncEnumerable<Line>? first, List<IAsyncEnumerable<int>> rest);
            }

            [RemoteService]
            public sealed class Streams : IStreams
            {
                public async IAsyncEnumerable<Line?> ReadAsync(
                    int count, string enumerationToken, [EnumeratorCancellation] CancellationToken cancellationToken)
                {
                    for (int i = 0; i < count; i++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        await Task.Yield();
                        yield return i == 1 ? null : new Line(i, enumerationToken);
                    }
                }

                public async IAsyncEnumerable<Line> LastAsync([EnumeratorCancellation] CancellationToken token)
                {
                    yield return new Line(token.CanBeCanceled ? 1 : 0, null);
                    await Task.Delay(Timeout.Infinite, token);
                }

                public async Task<int> SumAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
                {
                    int sum = 0;
                    await foreach (int item in items.WithCancellation(cancellationToken)) sum += item;
                    return sum;
                }

                public async ValueTask<(string Name, IAsyncEnumerable<Line?> Lines)> OpenAsync(
                    IAsyncEnumerable<Line>? first, List<IAsyncEnumerable<int>> rest)
                {
                    int sum = 0;
                    foreach (var items in rest) sum += await SumAsync(items, default);
                    return ($"{first is null} {sum}", ReadAsync(2, "open", default));
                }
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IStreams streams = context.Get<IStreams>();
                    var results = new List<string>();
                    IAsyncEnumerable<Line?> lines = streams.ReadAsync(3, "x");
                    await foreach (Line? line in lines) results.Add(line is null ? "null" : line.Number + line.Text);
                    await foreach (Line? line in lines) results.Add("again");

                    using var source = new CancellationTokenSource();
                    try
                    {
                        await foreach (Line line in streams.LastAsync(default).WithCancellation(source.Token))
                        {
                            results.Add("token " + line.Number);
                            source.Cancel();
                        }
                    }
                    catch (OperationCanceledException)
                    {
                        results.Add("cancelled");
                    }

                    results.Add((await streams.SumAsync(Count(4), default)).ToString());
                    var open = await streams.OpenAsync(null, new() { Count(2), Count(3) });
                    results.Add(open.Name);
                    await foreach (Line? line in open.Lines) results.Add(line?.Text ?? "null");
                    return string.Join(",", results);
                }

                private static async IAsyncEnumerable<int> Count(int count)
                {
                    for (int i = 1; i <= count; i++)
                    {
                        await Task.Yield();
                        yield return i;
                    }
                }
            }
            """).AssertClean();

        Assert.Equal("0x,null,2x,again,again,again,token 1,cancelled,10,True 9,open,null", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task Streams_of_bytes()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            using System.IO.Pipelines;

            namespace App;

            [Remote]
            public interface IFiles
            {
                Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken);
                Stream Open(string path);
                Stream Log { get; }
                Task<long> StoreAsync(Stream content, PipeReader? reader, PipeWriter writer);
                ValueTask<Dictionary<string, (Stream Content, PipeReader? Tail)>> AllAsync();
                [OneWay] void Write(Stream content);
            }

            [RemoteService]
            public sealed class Files : IFiles
            {
                public Stream Log { get; } = new MemoryStream();
                public Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken) =>
                    Task.FromResult<Stream?>(path == "" ? null : Open(path));
                public Stream Open(string path) => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(path));
                public Task<long> StoreAsync(Stream content, PipeReader? reader, PipeWriter writer)
                {
                    writer.AsStream().Write("written"u8);
                    return Task.FromResult(content.Length + (reader is null ? 100 : 0));
                }
                public ValueTask<Dictionary<string, (Stream Content, PipeReader? Tail)>> AllAsync() =>
                    new(new Dictionary<string, (Stream, PipeReader?)> { ["a"] = (Open("abc"), null) });
                public void Write(Stream content) => content.CopyTo(Log);
            }

            public static class Driver
            {
                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IFiles files = context.Get<IFiles>();
                    files.Write(files.Open("log"));
                    var target = new MemoryStream();
                    PipeWriter writer = PipeWriter.Create(target);
                    long stored = await files.StoreAsync(files.Open("seven.."), null, writer);
                    await writer.FlushAsync();
                    var all = await files.AllAsync();
                    return $"{files.Log.Length} {await files.OpenAsync("", default) is null} "
                        + $"{new StreamReader((await files.OpenAsync("text", default))!).ReadToEnd()} {stored} "
                        + $"{all["a"].Content.Length} {all["a"].Tail is null}";
                }
            }
            """).AssertClean();

        Assert.Equal("3 True text 107 3 True", await sample.RunAsync());
        Snapshot.Verify(sample);
    }

    [Fact]
    public async Task Progress_parameters()
    {
        GeneratedSample sample = TestCompiler.Generate("""
            using System.Runtime.CompilerServices;

            namespace App;

            public sealed record Step(string Name, int Percent);

            [Remote]
            public interface IBackup
            {
                Task<int> RunAsync(IProgress<Step> progress, string path, IProgress<int>? bytes = null, CancellationToken token = default);
                void Check(IProgress<string?> progress);
                IAsyncEnumerable<int> ListAsync(IProgress<double> progress, CancellationToken token);
            }

            [RemoteService]
            public sealed class Backup : IBackup
            {
                public Task<int> RunAsync(IProgress<Step> progress, string path, IProgress<int>? bytes, CancellationToken token)
                {
                    progress.Report(new(path, 50));
                    bytes?.Report(7);
                    progress.Report(new(path, 100));
                    return Task.FromResult(bytes is null ? 0 : 1);
                }

                public void Check(IProgress<string?> progress) => progress.Report(null);

                public async IAsyncEnumerable<int> ListAsync(IProgress<double> progress, [EnumeratorCancellation] CancellationToken token)
                {
                    progress.Report(0.5);
                    await Task.Yield();
                    yield return 3;
                }
            }

            public static class Driver
            {
                private sealed class Gathering<T>(List<string> into) : IProgress<T>
                {
                    public void Report(T value) => into.Add(value?.ToString() ?? "null");
                }

                public static async Task<string> RunAsync(IRemoteContext context)
                {
                    IBackup backup = context.Get<IBackup>();
                    var results = new List<string>();
                    results.Add((await backup.RunAsync(new Gathering<Step>(results), "p")).ToString());
                    results.Add((await backup.RunAsync(new Gathering<Step>(results), "q", new Gathering<int>(results))).ToString());
                    backup.Check(new Gathering<string?>(results));
                    await foreach (int item in backup.ListAsync(new Gathering<double>(results), default)) results.Add("item " + item);
                    return string.Join("; ", results);
                }
            }
            """).AssertClean();

        Assert.Equal(
            "Step { Name = p, Percent = 50 }; Step { Name = p, Percent = 100 }; 0; " +
            "Step { Name = q, Percent = 50 }; 7; Step { Name = q, Percent = 100 }; 1; null; 0.5; item 3",
            await sample.RunAsync());
        Snapshot.Verify(sample);
    }
}
