using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>
/// Writes on one pool thread what the runtime itself has to log where nobody may wait for a logger, which is user code: under the hub's lock, on
/// link threads, and for each thing that another context can make happen. So a slow logger holds up one thread, whatever comes; beyond a bound records are dropped and counted.
/// </summary>
internal sealed class LaterLogs(ILogger logger)
{
    /// <summary>How many wait at most.</summary>
    public const int Most = 1000;

    private readonly Channel<Action<ILogger>> _waiting = Channel.CreateBounded<Action<ILogger>>(new BoundedChannelOptions(Most) { SingleReader = true });

    // 1 while a pool thread writes or is about to.
    private int _isWriting;
    private int _dropped;

    /// <summary>Has something written soon.</summary>
    public void Add(Action<ILogger> write)
    {
        if (!_waiting.Writer.TryWrite(write))
        {
            _ = Interlocked.Increment(ref _dropped);
        }

        if (Interlocked.Exchange(ref _isWriting, 1) == 0)
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(static l => l.WriteAll(), this, preferLocal: false);
        }
    }

    private void WriteAll()
    {
        do
        {
            while (_waiting.Reader.TryRead(out Action<ILogger>? write))
            {
                Write(write);
                if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
                {
                    Write(l => Log.OwnRecordsDropped(l, dropped));
                }
            }

            Volatile.Write(ref _isWriting, 0);
        }
        while (_waiting.Reader.Count > 0 && Interlocked.Exchange(ref _isWriting, 1) == 0);
    }

    private void Write(Action<ILogger> write)
    {
#pragma warning disable CA1031 // a logger that throws on a pool thread would end the process, and there is nowhere to log that to
        try
        {
            write(logger);
        }
        catch (Exception)
        {
            _ = Interlocked.Increment(ref _dropped);
        }
#pragma warning restore CA1031
    }
}
