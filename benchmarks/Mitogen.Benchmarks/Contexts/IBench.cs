using Mitogen;

namespace Benchmarks.Contexts;

/// <summary>What the measured contexts answer.</summary>
[Remote]
public interface IBench
{
    ValueTask<int> AddAsync(int left, int right);

    Task<int> AddTaskAsync(int left, int right);

    int Add(int left, int right);

    ValueTask<byte[]> EchoAsync(byte[] data);
}

/// <summary>Calls that take long or never end: another object, so that small calls do not wait behind them in the order.</summary>
[Remote]
public interface IBulk
{
    /// <summary>Takes bytes and says how many.</summary>
    ValueTask<int> TakeAsync(byte[] data);

    /// <summary>Gives bytes.</summary>
    ValueTask<byte[]> GiveAsync(int size);

    /// <summary>Does not end before it is cancelled.</summary>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>How many calls of <see cref="WaitAsync"/> there are.</summary>
    ValueTask<int> CountWaitingAsync();
}
