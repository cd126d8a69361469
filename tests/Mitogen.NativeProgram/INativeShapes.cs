namespace Mitogen.NativeProgram;

/// <summary>A method of each shape.</summary>
[Remote]
public interface INativeShapes
{
    Task<string> EchoAsync(string text);

    ValueTask<int> AddAsync(int a, int b = 1);

    Task DoAsync();

    ValueTask WaitAsync(CancellationToken cancellationToken);

    int Add(int a, int b);

    void Do();

    string Name { get; }

    [OneWay]
    void Post(string text);

    [OneWay]
    Task PostAsync(string text);

    /// <summary>Waits for what was posted, and returns it in the order of the alphabet.</summary>
    Task<string[]> PostedAsync(int count);

    Task FailAsync(string message);

    Task CountAsync(int to, IProgress<int> progress);

    IAsyncEnumerable<Order> OrdersAsync(int count, CancellationToken cancellationToken = default);

    Task<int> SumAsync(IAsyncEnumerable<int> numbers);

    Task<IAsyncEnumerable<string>> WordsAsync(string text);

    Task<long> LengthAsync(Stream content);

    Stream Open(int length);

    IShelf Shelf(string name);

    Task<List<IShelf>> ShelvesAsync(params string[] names);

    Task<string> AskAsync(IAnswerer answerer, string question);
}

/// <summary>A nested object.</summary>
[Remote]
public interface IShelf : IAsyncDisposable
{
    IShelf Below { get; }

    Task<string> LabelAsync();
}

/// <summary>Is called back.</summary>
[Remote]
public interface IAnswerer
{
    Task<string> AnswerAsync(string question);
}
