using System.Diagnostics;

namespace Benchmarks.Measuring;

/// <summary>Times of single calls. Room for all of them is there from the start, so that noting one allocates nothing.</summary>
internal sealed class Latencies(int most = 1 << 20)
{
    private readonly long[] _ticks = new long[most];
    private int _count;

    public int Count => _count;

    public bool IsFull => _count == _ticks.Length;

    public void Add(long ticks) => _ticks[_count++] = ticks;

    public void Clear() => _count = 0;

    /// <summary>A quantile in microseconds.</summary>
    public double Quantile(double share)
    {
        if (_count == 0)
        {
            throw new InvalidOperationException("No call was timed.");
        }

        Array.Sort(_ticks, 0, _count);
        return _ticks[Math.Min(_count - 1, (int)(share * _count))] * 1e6 / Stopwatch.Frequency;
    }
}
