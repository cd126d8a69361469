using System.Threading.Tasks.Sources;
using Benchmarks.Measuring;

namespace Benchmarks.Floors;

/// <summary>
/// "Hand-offs only": the threads of a call and nothing else. The caller's pool thread writes, the other side's reader wakes and
/// hands to a pool thread, which writes; our reader wakes and hands to a pool thread, on which the caller goes on.
/// </summary>
internal sealed class HandOffFloor : ISubject, IValueTaskSource<int>, IThreadPoolWorkItem
{
    private readonly FloorChild _child;
    private readonly byte[] _request = new byte[FloorMessages.Request];
    private ManualResetValueTaskSourceCore<int> _source;

    public HandOffFloor(FloorChild child)
    {
        _child = child;
        new Thread(Read) { IsBackground = true }.Start();
    }

    public int ServerProcessId => _child.ProcessId;

    public bool TakesLoad => false;

    public ValueTask<int> AddAsync(int left, int right)
    {
        _source.Reset();
        ValueTask<int> result = new(this, _source.Version);
        _child.Write(_request);
        return result;
    }

    public ValueTask<byte[]> EchoAsync(byte[] data) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IThreadPoolWorkItem.Execute() => _source.SetResult(3);

    private void Read()
    {
        Func<Span<byte>, int> read = _child.Read;
        byte[] answer = new byte[FloorMessages.Answer];
        while (FloorMessages.TryReadAll(read, answer))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The other side: this thread reads, pool threads answer.</summary>
    public static void Serve()
    {
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        Func<Span<byte>, int> read = input.Read;
        byte[] request = new byte[FloorMessages.Request];
        Answerer answerer = new(output);
        while (FloorMessages.TryReadAll(read, request))
        {
            ThreadPool.UnsafeQueueUserWorkItem(answerer, preferLocal: false);
        }
    }

    private sealed class Answerer(Stream output) : IThreadPoolWorkItem
    {
        private readonly byte[] _answer = new byte[FloorMessages.Answer];

        public void Execute() => output.Write(_answer);
    }
}
