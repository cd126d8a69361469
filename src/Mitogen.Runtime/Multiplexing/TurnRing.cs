namespace Mitogen.Multiplexing;

/// <summary>Outlets that take turns, one frame each. As an outlet itself it gives all that is in it one turn in another ring.</summary>
internal sealed class TurnRing : Outlet
{
    private readonly Queue<Outlet> _ring = new();
    private Outlet? _next;

    /// <summary>How many outlets wait for their turn.</summary>
    public int Count => _ring.Count + (_next is null ? 0 : 1);

    /// <summary>Gives an outlet its place, unless it has one.</summary>
    public void Enqueue(Outlet outlet)
    {
        if (!outlet.IsQueued)
        {
            outlet.IsQueued = true;
            _ring.Enqueue(outlet);
        }
    }

    public override int WriteFrame(Span<byte> room, out bool more)
    {
        while (_next is not null || _ring.Count > 0)
        {
            Outlet outlet = _next ?? _ring.Dequeue();
            _next = null;
            outlet.IsQueued = false;
            int written = outlet.WriteFrame(room, out bool again);
            if (again)
            {
                outlet.IsQueued = true;
                if (written == 0)
                {
                    _next = outlet; // it keeps its turn for the next batch
                    more = true;
                    return 0;
                }

                _ring.Enqueue(outlet);
            }

            if (written > 0)
            {
                more = Count > 0;
                return written;
            }
        }

        more = false;
        return 0;
    }

    /// <summary>Drops everything that waits.</summary>
    public void Clear()
    {
        if (_next is { } next)
        {
            next.IsQueued = false;
            _next = null;
        }

        while (_ring.TryDequeue(out Outlet? outlet))
        {
            outlet.IsQueued = false;
        }
    }
}
