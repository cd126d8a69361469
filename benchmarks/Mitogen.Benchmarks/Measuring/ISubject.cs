namespace Benchmarks.Measuring;

/// <summary>Something that answers calls from another process: a floor, Mitogen, or a peer.</summary>
internal interface ISubject : IAsyncDisposable
{
    /// <summary>The process that answers.</summary>
    int ServerProcessId { get; }

    /// <summary>Whether it takes many calls at once and long messages. A floor takes one small message at a time.</summary>
    bool TakesLoad { get; }

    ValueTask<int> AddAsync(int left, int right);

    ValueTask<byte[]> EchoAsync(byte[] data);
}
