namespace Mitogen.TestContracts.Shapes;

/// <summary>Objects passed and returned, every way.</summary>
[Remote]
public interface IObjects
{
    INode Top { get; }

    string Label { get; }

    INode Open(string name);

    Task<INode> CreateAsync(string name);

    Task<INode?> MaybeAsync(bool give);

    Task<IReadOnlyList<INode>> CreateManyAsync(int count);

    Task<Dictionary<string, INode>> CreateNamedAsync(params string[] names);

    Task<Labelled> CreateLabelledAsync(string label);

    Task<INode> SameAsync();

    Task<INode> EchoAsync(INode node);

    Task<bool> IsOwnAsync(INode node);

    Task<string> PathOfAsync(INode node);

    Task<string> FailWithAsync(INode node, string message);

    Task<int> LiveAsync();

    Task<string> AskAsync(IListener listener, string question);

    string Ask(IListener listener, string question);

    Task KeepAsync(IListener listener);

    Task<string> AskKeptAsync(string question);

    Task ForgetAsync();

    Task<IObjects> SelfAsync();
}

/// <summary>A record with an object in it.</summary>
/// <param name="Label">Some text.</param>
/// <param name="Node">The object.</param>
public sealed record Labelled(string Label, INode Node);

/// <summary>An object that makes others.</summary>
[Remote]
public interface INode : IAsyncDisposable
{
    INode Open(string name);

    Task<string> PathAsync();

    Task<IReadOnlyList<string>> ListAsync();

    Task SetAsync(int value);

    Task<int> GetAsync();
}

/// <summary>What a caller passes to be called back.</summary>
[Remote]
public interface IListener
{
    Task<string> AnswerAsync(string question);

    string Answer(string question);
}

/// <summary>Calls that come back.</summary>
[Remote]
public interface IPingPong
{
    Task<int> PingAsync(int depth, IPingPong back);

    int Ping(int depth, IPingPong back);

    /// <summary>An asynchronous method that blocks in a call, and goes on as <see cref="Ping"/>.</summary>
    Task<int> PingBlockingAsync(int depth, IPingPong back);
}
