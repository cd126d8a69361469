using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Routing;

namespace Mitogen.Contexts;

/// <summary>
/// Says in the log that frames were dropped: once for each link and interval at the most, however many they are and however slow the
/// loggers. Nothing is kept for a single frame.
/// </summary>
internal sealed class DroppedFrames : IDeferred, IThreadPoolWorkItem
{
    private readonly CallHub _hub;
    private readonly ILogger _logger;
    private readonly Alarm _alarm;

    // Guarded by the hub's lock.
    private readonly Dictionary<Link, Dropped> _links = [];
    private bool _isWriting;

    public DroppedFrames(CallHub hub, ILogger logger)
    {
        _hub = hub;
        _logger = logger;
        _alarm = new Alarm(hub, Write);
    }

    /// <summary>A frame was dropped.</summary>
    public void Add(in HubLock locked, Link link, in FrameHeader header, string what)
    {
        if (!_links.TryGetValue(link, out Dropped? dropped))
        {
            _links.Add(link, dropped = new Dropped());
        }

        if (dropped.Count++ == 0)
        {
            (dropped.Kind, dropped.Length, dropped.What) = ((byte)header.Kind, header.Length, what);
            if (dropped.Due <= Environment.TickCount64)
            {
                Write(locked);
            }
            else
            {
                _alarm.Set(locked, dropped.Due);
            }
        }
    }

    public void Stop(in HubLock locked) => _alarm.Stop(locked);

    /// <summary>After the lock: loggers are user code, which a pool thread runs.</summary>
    void IDeferred.Run() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        while (Take() is { Count: > 0 } due)
        {
            foreach ((Link link, Dropped dropped) in due)
            {
                Log.FramesDropped(_logger, dropped.Count, link.Name, dropped.What, dropped.Kind, dropped.Length);
            }
        }
    }

    /// <summary>Has what is due written, by one pool thread at a time.</summary>
    private void Write(in HubLock locked)
    {
        if (!_isWriting)
        {
            _isWriting = true;
            locked.Defer(this);
        }
    }

    /// <summary>The records to write now. For later ones the alarm is set.</summary>
    private List<(Link Link, Dropped Dropped)> Take()
    {
        List<(Link, Dropped)> due = [];
        using (HubLock locked = _hub.Enter())
        {
            long now = Environment.TickCount64;
            foreach ((Link link, Dropped dropped) in _links.ToArray())
            {
                if (dropped.Due > now && !link.IsClosed)
                {
                    _alarm.Set(locked, dropped.Due);
                }
                else
                {
                    _ = _links.Remove(link);
                    if (dropped.Count > 0)
                    {
                        due.Add((link, dropped));
                        if (!link.IsClosed)
                        {
                            _links.Add(link, new Dropped { Due = now + _hub.Options.LogIntervalMilliseconds });
                        }
                    }
                }
            }

            _isWriting = due.Count > 0;
        }

        return due;
    }

    /// <summary>The frames of a link that were dropped since its last record.</summary>
    private sealed class Dropped
    {
        public int Count { get; set; }

        /// <summary>When the next record may be written.</summary>
        public long Due { get; init; }

        public byte Kind { get; set; }

        public int Length { get; set; }

        public string What { get; set; } = "";
    }
}
