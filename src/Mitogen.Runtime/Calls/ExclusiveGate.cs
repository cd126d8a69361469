namespace Mitogen.Calls;

/// <summary>Lets one chain of calls at a time into a service; the others wait in the order in which they came.</summary>
internal sealed class ExclusiveGate
{
    private readonly Lock _lock = new();

    // All under _lock. The bounds on open streams bound the queue.
    private readonly Queue<ServedCall> _waiting = new();
    private ChainId _holder;
    private int _inside;

    /// <summary>Lets a call in, or keeps it until <see cref="Leave"/> resumes it.</summary>
    public bool TryEnter(ServedCall call, ChainId chain)
    {
        lock (_lock)
        {
            if (_inside == 0 || _holder == chain)
            {
                _holder = chain;
                _inside++;
                return true;
            }

            _waiting.Enqueue(call);
            return false;
        }
    }

    /// <summary>A call that was let in has ended.</summary>
    public void Leave()
    {
        ServedCall? next;
        lock (_lock)
        {
            if (--_inside > 0 || !_waiting.TryDequeue(out next))
            {
                return;
            }

            _inside = 1;
            _holder = next.Chain;
        }

        next.Resume();
    }
}
