using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Interop;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Links;

/// <summary>Joins contexts of one process by the same bytes as between processes. One thread serves all links of a tree.</summary>
internal sealed class MemoryPump : IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<MemoryLink> _ready = new();
    private readonly byte[] _batch = GC.AllocateUninitializedArray<byte>(2 * (FrameHeader.Size + FrameHeader.MaxBody));
    private Thread? _thread;
    private bool _disposed;

    public void Add(MemoryLink link)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _thread ??= OwnThread.Start("mitogen-memory", Run);
            _ready.Enqueue(link);
            Monitor.Pulse(_lock);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Monitor.Pulse(_lock);
        }

        // It runs no user code, so its end is near.
        _thread?.Join();
    }

    private void Run()
    {
        while (true)
        {
            MemoryLink? link;
            lock (_lock)
            {
                while (!_ready.TryDequeue(out link) && !_disposed)
                {
                    _ = Monitor.Wait(_lock);
                }
            }

            if (link is null)
            {
                return;
            }

            link.Move(_batch);
        }
    }
}

/// <summary>One direction of an in-memory link.</summary>
internal sealed class MemoryLink : ILinkDriver, IDeferred
{
    private readonly MemoryPump _pump;
    private readonly CallHub _from;
    private readonly Link _fromLink;
    private readonly CallHub _to;
    private readonly Link _toLink;
    private readonly Action<Exception> _onViolation;

    // Guarded by the sender's lock.
    private bool _waking;

    public MemoryLink(MemoryPump pump, CallHub from, Link fromLink, CallHub to, Link toLink, Action<Exception> onViolation)
    {
        _pump = pump;
        _from = from;
        _fromLink = fromLink;
        _to = to;
        _toLink = toLink;
        _onViolation = onViolation;
        fromLink.Driver = this;
    }

    void ILinkDriver.Wake()
    {
        if (!_waking)
        {
            _waking = true;
            _from.Held().Defer(this);
        }
    }

    /// <summary>The pump finds the violation when it next moves something.</summary>
    void ILinkDriver.Cut() => _from.Held().Defer(this);

    void IDeferred.Run() => _pump.Add(this);

    /// <summary>Moves one batch; called by the pump.</summary>
    public void Move(byte[] batch)
    {
#pragma warning disable CA1031 // the thread moves the bytes of all links: what one of them does ends that one
        try
        {
            if (TryMove(batch))
            {
                _pump.Add(this);
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Fail(Exception error)
    {
        try
        {
            _onViolation(error);
        }
        catch (Exception e)
        {
            _from.Host.OnFailure(e);
        }
    }
#pragma warning restore CA1031

    /// <returns>Whether there was something to move.</returns>
    private bool TryMove(byte[] batch)
    {
        int count;
        using (_from.Enter())
        {
            if (_fromLink.Violation is { } violation && !_fromLink.IsClosed)
            {
                throw violation;
            }

            count = _fromLink.IsClosed ? 0 : _fromLink.Sender.Collect(batch);
            _waking = count > 0;
        }

        if (count == 0)
        {
            return false;
        }

        using (HubLock locked = _to.Enter())
        {
            _ = locked.Kernel.Receive(_toLink, batch.AsSpan(0, count));
        }

        return true;
    }
}
