using System.Collections.Concurrent;
using System.Diagnostics;

namespace Benchmarks.Links;

/// <summary>One direction of a link that takes its time: reading never waits for writing, so that the delay does not grow with the load.</summary>
internal sealed class DelayedBytes(Stream source, Stream target, TimeSpan delay)
{
    private readonly BlockingCollection<(long Due, byte[] Bytes)> _onTheirWay = [];
    private readonly List<Thread> _threads = [];

    public void Start()
    {
        foreach (ThreadStart part in (ReadOnlySpan<ThreadStart>)[Read, Write])
        {
            Thread thread = new(part) { IsBackground = true };
            thread.Start();
            _threads.Add(thread);
        }
    }

    /// <summary>Waits until the source has ended and all that it gave was written.</summary>
    public void Join() => _threads.ForEach(t => t.Join());

    private void Read()
    {
        byte[] buffer = new byte[128 * 1024];
        try
        {
            for (int count; (count = source.Read(buffer)) > 0;)
            {
                _onTheirWay.Add((Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency), buffer[..count]));
            }
        }
        catch (IOException)
        {
            // Its other end is gone, which is an end too.
        }

        _onTheirWay.CompleteAdding();
    }

    private void Write()
    {
        try
        {
            foreach ((long due, byte[] bytes) in _onTheirWay.GetConsumingEnumerable())
            {
                TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (left > TimeSpan.Zero)
                {
                    // Rounded up: a sleep takes whole milliseconds, and bytes must not come too early.
                    Thread.Sleep((int)Math.Ceiling(left.TotalMilliseconds));
                }

                target.Write(bytes);
                target.Flush();
            }

            target.Dispose();
        }
        catch (IOException)
        {
            // Nobody reads any more.
        }
    }
}
