namespace Mitogen.Calls;

/// <content>One-way calls before the end of a context, and calls that waited for another one to leave.</content>
internal sealed partial class CallHub
{
    // Both under the lock.
    private readonly Queue<KeptCall> _freed = new();
    private bool _isFreeing;

    /// <summary>Lets the one-way calls to some contexts end before these do, and tells of those that have not when the time is over.</summary>
    /// <param name="isConcerned">Which contexts; asked under the lock.</param>
    /// <param name="patience">How long that may take.</param>
    public async Task DrainAsync(Func<CallEndpoint, bool> isConcerned, TimeSpan patience)
    {
        Task[] ends;
        using (Enter())
        {
            ends = [.. _endpoints.Values.Where(isConcerned).Select(e => e.Posted.None).OfType<Task>()];
        }

        if (ends.Length == 0)
        {
            return;
        }

        await Task.WhenAll(ends).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        List<(string Path, string Contract, int Count)> lost = [];
        using (Enter())
        {
            foreach (CallEndpoint endpoint in _endpoints.Values.Where(isConcerned))
            {
                lost.AddRange(endpoint.Posted.TakeLost(isEnding: true).Select(l => (endpoint.Path, l.Contract, l.Count)));
            }
        }

        foreach ((string path, string contract, int count) in lost)
        {
            _host.OnPostsLost(path, contract, count);
        }
    }

    /// <summary>Under the lock: calls go on that waited for another one.</summary>
    public void Free(List<KeptCall> calls)
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
            next.Admit();
        }

        _isFreeing = false;
    }
}
