using System.Collections.Concurrent;
using Mitogen;

namespace Benchmarks.Soak;

/// <summary>What the calls of a soak came to.</summary>
internal sealed class SoakCounts
{
    private readonly ConcurrentDictionary<string, int> _unexpected = new();
    private long _answers;
    private long _cancelled;
    private long _lost;
    private long _wrong;
    private int _cuts;

    public long Wrong => Interlocked.Read(ref _wrong);

    public void Answered(bool isRight) => _ = Interlocked.Increment(ref isRight ? ref _answers : ref _wrong);

    public void Cut() => _ = Interlocked.Increment(ref _cuts);

    /// <summary>Counts an error. Those that nobody asked for count as wrong, and their kinds are listed.</summary>
    /// <returns>Always true: the soak goes on.</returns>
    public bool Expect(Exception error)
    {
        switch (error)
        {
            case OperationCanceledException:
                _ = Interlocked.Increment(ref _cancelled);
                break;
            case ContextLostException:
                _ = Interlocked.Increment(ref _lost);
                break;
            default:
                _ = Interlocked.Increment(ref _wrong);
                _ = _unexpected.AddOrUpdate($"{error.GetType().Name}: {error.Message}", 1, static (_, count) => count + 1);
                break;
        }

        return true;
    }

    public override string ToString() =>
        $"answers {_answers:#,0} cancelled {_cancelled:#,0} lost {_lost:#,0} wrong {_wrong} cuts {_cuts}" +
        string.Concat(_unexpected.Select(u => $"\n         {u.Value} × {u.Key}"));
}
