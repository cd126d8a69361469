namespace Mitogen.Calls;

/// <summary>Calls that waited for another one to leave, which has left or never will. Guarded by the hub's lock.</summary>
internal sealed class FreedCalls
{
    private readonly Queue<KeptCall> _freed = new();
    private bool _isFreeing;

    /// <summary>Calls go on that waited for another one.</summary>
    public void Free(in HubLock locked, List<KeptCall> calls)
    {
        foreach (KeptCall call in calls)
        {
            _freed.Enqueue(call);
        }

        if (_isFreeing)
        {
            return;
        }

        // In a loop: each may free others in turn, along a chain of promises of any length.
        _isFreeing = true;
        while (_freed.TryDequeue(out KeptCall next))
        {
            next.Admit(locked);
        }

        _isFreeing = false;
    }
}
