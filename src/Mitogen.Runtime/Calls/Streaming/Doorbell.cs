using System.Threading.Tasks.Sources;

namespace Mitogen.Calls;

/// <summary>
/// It rings under the hub's lock, when there is news, for one that waits: code that awaits, or a thread that is blocked. The thread is woken by
/// the one that has the news, and needs none of the pool's.
/// </summary>
/// <remarks>For one at a time. It may ring for nothing: who was woken looks again.</remarks>
internal sealed class Doorbell : IValueTaskSource, IDeferred
{
    private readonly object _monitor = new();

    // Guarded by the hub's lock.
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private bool _awaits;
    private bool _blocks;

    // Guarded by the monitor, but when the thread begins to wait.
    private bool _hasRung;

    /// <summary>Begins to wait.</summary>
    /// <returns>A task, to be awaited once.</returns>
    public ValueTask Await(in HubLock locked)
    {
        _source.Reset();
        _awaits = true;
        return new ValueTask(this, _source.Version);
    }

    /// <summary>Begins to wait: this thread calls <see cref="Wait"/> when it has released the lock.</summary>
    public void Block(in HubLock locked)
    {
        _blocks = true;
        _hasRung = false;
    }

    /// <summary>Blocks this thread until it rings, or until the time.</summary>
    /// <param name="until">The time, by <see cref="Environment.TickCount64"/>; <see cref="long.MaxValue"/>: there is none.</param>
    /// <returns>Whether it rang; if not, this thread is still to be woken.</returns>
    public bool Wait(long until)
    {
        using WorkThread.Blocking blocking = WorkThread.Block();
        lock (_monitor)
        {
            while (!_hasRung)
            {
                if (until == long.MaxValue)
                {
                    _ = Monitor.Wait(_monitor);
                    continue;
                }

                long left = until - Environment.TickCount64;
                if (left <= 0)
                {
                    return false;
                }

                _ = Monitor.Wait(_monitor, (int)Math.Min(left, int.MaxValue));
            }

            return true;
        }
    }

    /// <summary>There is news.</summary>
    public void Ring(in HubLock locked)
    {
        if (_awaits)
        {
            _awaits = false;
            _source.SetResult(true);
        }
        else if (_blocks)
        {
            _blocks = false;
            locked.Defer(this);
        }
    }

    /// <summary>After the lock.</summary>
    void IDeferred.Run()
    {
        lock (_monitor)
        {
            _hasRung = true;
            Monitor.Pulse(_monitor);
        }
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
