namespace Mitogen.Calls;

/// <content>One-way calls before the end of a context, and calls that waited for another one to leave.</content>
internal sealed partial class CallHub
{
    // Both guarded by the lock.
    private readonly Queue<KeptCall> _freed = new();
    private bool _isFreeing;

    /// <summary>Lets the one-way calls to some contexts end before these do, and tells of those that have not when the time is over.</summary>
    /// <param name="isConcerned">Which contexts.</param>
    /// <param name="patience">How long that may take.</param>
    public async Task DrainAsync(EndpointFilter isConcerned, TimeSpan patience)
    {
        List<Task> ends = [];
        using (HubLock locked = Enter())
        {
            foreach (CallEndpoint endpoint in _endpoints.Values)
            {
                if (isConcerned(locked, endpoint) && endpoint.Posted.WhenNone(locked) is { IsCompleted: false } end)
                {
                    ends.Add(end);
                }
            }
        }

        if (ends.Count == 0)
        {
            return;
        }

        await Task.WhenAll(ends).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        List<(string Path, string Contract, int Count)> lost = [];
        using (HubLock locked = Enter())
        {
            foreach (CallEndpoint endpoint in _endpoints.Values)
            {
                if (isConcerned(locked, endpoint))
                {
                    lost.AddRange(endpoint.Posted.TakeLost(locked, isEnding: true).Select(l => (endpoint.Path, l.Contract, l.Count)));
                }
            }
        }

        foreach ((string path, string contract, int count) in lost)
        {
            _host.OnPostsLost(path, contract, count);
        }
    }

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
