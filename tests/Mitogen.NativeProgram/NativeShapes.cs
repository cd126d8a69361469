using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Mitogen.NativeProgram;

[RemoteService]
internal sealed class NativeShapes(IRemoteContext self) : INativeShapes
{
    private readonly Channel<string> _posted = Channel.CreateUnbounded<string>();

    public string Name => self.Name;

    public Task<string> EchoAsync(string text) => Task.FromResult(text);

    public ValueTask<int> AddAsync(int a, int b) => new(a + b);

    public Task DoAsync() => Task.CompletedTask;

    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken);

    public int Add(int a, int b) => a + b;

    public void Do()
    {
    }

    public void Post(string text) => _posted.Writer.TryWrite(text);

    public Task PostAsync(string text)
    {
        Post(text);
        return Task.CompletedTask;
    }

    public async Task<string[]> PostedAsync(int count)
    {
        List<string> posted = [];
        while (posted.Count < count)
        {
            posted.Add(await _posted.Reader.ReadAsync());
        }

        return [.. posted.Order(StringComparer.Ordinal)];
    }

    public Task FailAsync(string message) => throw new InvalidOperationException(message);

    public Task CountAsync(int to, IProgress<int> progress)
    {
        for (int i = 1; i <= to; i++)
        {
            progress.Report(i);
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<Order> OrdersAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Order(i, $"customer {i}", []);
        }
    }

    public async Task<int> SumAsync(IAsyncEnumerable<int> numbers)
    {
        int sum = 0;
        await foreach (int number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    public Task<IAsyncEnumerable<string>> WordsAsync(string text) => Task.FromResult(text.Split(' ').ToAsyncEnumerable());

    public async Task<long> LengthAsync(Stream content)
    {
        byte[] buffer = new byte[4096];
        long length = 0;
        for (int count; (count = await content.ReadAsync(buffer)) > 0;)
        {
            length += count;
        }

        return length;
    }

    public Stream Open(int length) => new MemoryStream(new byte[length]);

    public IShelf Shelf(string name) => new Shelf(name);

    public Task<List<IShelf>> ShelvesAsync(params string[] names) => Task.FromResult(names.Select(n => (IShelf)new Shelf(n)).ToList());

    public Task<string> AskAsync(IAnswerer answerer, string question) => answerer.AnswerAsync(question);
}

internal sealed class Shelf(string name) : IShelf
{
    public IShelf Below => new Shelf(name + "/below");

    public Task<string> LabelAsync() => Task.FromResult(name);

    public ValueTask DisposeAsync() => default;
}

internal sealed class Answerer : IAnswerer
{
    public Task<string> AnswerAsync(string question) => Task.FromResult(question + "!");
}
