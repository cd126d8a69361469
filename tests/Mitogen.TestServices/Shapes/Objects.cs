using Mitogen.TestContracts.Shapes;

namespace Mitogen.TestServices.Shapes;

[RemoteService]
public sealed class Objects : IObjects
{
    private readonly Node _same;
    private int _live;
    private IListener? _kept;

    public Objects() => _same = new Node(this, "same");

    public INode Top => new Node(this, "top");

    public string Label => "a label";

    public INode Open(string name) =>
        name.Length == 0 ? throw new ArgumentException("A node needs a name.", nameof(name)) : new Node(this, name);

    public Task<INode> CreateAsync(string name) => Task.FromResult(Open(name));

    public Task<INode?> MaybeAsync(bool give) => Task.FromResult(give ? Open("maybe") : null);

    public Task<IReadOnlyList<INode>> CreateManyAsync(int count) =>
        Task.FromResult<IReadOnlyList<INode>>([.. Enumerable.Range(0, count).Select(i => Open($"n{i}"))]);

    public Task<Dictionary<string, INode>> CreateNamedAsync(params string[] names) => Task.FromResult(names.ToDictionary(n => n, Open));

    public Task<Labelled> CreateLabelledAsync(string label) => Task.FromResult(new Labelled(label, Open(label)));

    public Task<INode> SameAsync() => Task.FromResult<INode>(_same);

    public Task<INode> EchoAsync(INode node) => Task.FromResult(node);

    public Task<bool> IsOwnAsync(INode node) => Task.FromResult(node is Node);

    public Task<string> PathOfAsync(INode node) => node.PathAsync();

    public Task<string> FailWithAsync(INode node, string message) => throw new InvalidDataException(message);

    public Task<int> LiveAsync() => Task.FromResult(Volatile.Read(ref _live));

    public async Task<string> AskAsync(IListener listener, string question) => "asked: " + await listener.AnswerAsync(question);

    public string Ask(IListener listener, string question) => "asked: " + listener.Answer(question);

    public Task KeepAsync(IListener listener)
    {
        _kept = listener;
        return Task.CompletedTask;
    }

    public Task<string> AskKeptAsync(string question) => _kept!.AnswerAsync(question);

    public async Task ForgetAsync()
    {
        await ((IAsyncDisposable)_kept!).DisposeAsync();
        _kept = null;
    }

    public Task<IObjects> SelfAsync() => Task.FromResult<IObjects>(this);

    private sealed class Node : INode
    {
        private readonly Objects _owner;
        private readonly string _path;
        private int _value;

        public Node(Objects owner, string path)
        {
            (_owner, _path) = (owner, path);
            _ = Interlocked.Increment(ref owner._live);
        }

        public INode Open(string name) => name == "broken" ? throw new InvalidDataException($"{_path} is broken.") : new Node(_owner, $"{_path}/{name}");

        public Task<string> PathAsync() => Task.FromResult(_path);

        public Task<IReadOnlyList<string>> ListAsync() => Task.FromResult<IReadOnlyList<string>>([_path + "/a", _path + "/b"]);

        public Task SetAsync(int value)
        {
            _value = value;
            return Task.CompletedTask;
        }

        public Task<int> GetAsync() => Task.FromResult(_value);

        public ValueTask DisposeAsync()
        {
            _ = Interlocked.Decrement(ref _owner._live);
            return default;
        }
    }
}

[RemoteService]
public sealed class PingPong : IPingPong
{
    public async Task<int> PingAsync(int depth, IPingPong back) => depth == 0 ? 0 : 1 + await back.PingAsync(depth - 1, this);

    public int Ping(int depth, IPingPong back) => depth == 0 ? 0 : 1 + back.Ping(depth - 1, this);

    public Task<int> PingBlockingAsync(int depth, IPingPong back) =>
        Task.FromResult(depth == 0 ? 0 : 1 + back.Ping(depth - 1, this));
}
