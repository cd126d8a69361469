using System.Runtime.InteropServices;

namespace Mitogen.Calls;

/// <summary>The contexts that this one calls, or that call it.</summary>
internal sealed class Peers(CallHub hub)
{
    // Guarded by the hub's lock.
    private readonly Dictionary<uint, CallEndpoint> _endpoints = [];

    /// <summary>How many objects other contexts may call. Without the lock, it may say what was.</summary>
    public int ExportCount { get; private set; }

    /// <summary>A context is up, and this is how it is called.</summary>
    public void Bind(in HubLock locked, uint id, CallEndpoint endpoint) => _endpoints[id] = endpoint;

    /// <summary>How a context is called that calls here, or gave an object.</summary>
    public CallEndpoint Of(in HubLock locked, uint id)
    {
        ref CallEndpoint? endpoint = ref CollectionsMarshal.GetValueRefOrAddDefault(_endpoints, id, out _);
        return endpoint ??= new RoutedEndpoint(locked, hub, id);
    }

    /// <summary>The same, for a context that may be gone.</summary>
    public CallEndpoint? Find(in HubLock locked, uint id) => _endpoints.GetValueOrDefault(id);

    public void CountExport(in HubLock locked, int change) => ExportCount += change;

    /// <summary>Lets the one-way calls to some contexts end before these do, and tells of those that have not when the time is over.</summary>
    /// <param name="isConcerned">Which contexts.</param>
    /// <param name="patience">How long that may take.</param>
    public async Task DrainAsync(EndpointFilter isConcerned, TimeSpan patience)
    {
        List<Task> ends = [];
        using (HubLock locked = hub.Enter())
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
        using (HubLock locked = hub.Enter())
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
            hub.Host.OnPostsLost(path, contract, count);
        }
    }

    /// <summary>Takes every reference back: the context ends.</summary>
    public async Task DropAsync()
    {
        List<object> released = [];
        using (HubLock locked = hub.Enter())
        {
            foreach (CallEndpoint endpoint in _endpoints.Values)
            {
                released.AddRange(endpoint.Objects.Lose(locked));
            }
        }

        foreach (object target in released)
        {
            await hub.Objects.DisposeAsync(target).ConfigureAwait(false);
        }
    }

    /// <summary>Another context is gone, and what it and this one gave each other.</summary>
    public void Lose(in HubLock locked, uint id, DisconnectReason reason)
    {
        if (_endpoints.Remove(id, out CallEndpoint? endpoint))
        {
            (endpoint as RoutedEndpoint)?.SetLost(locked, reason);
            endpoint.Releases.Drop(locked);
            foreach (object released in endpoint.Objects.Lose(locked))
            {
                hub.Objects.Dispose(released);
            }
        }
    }
}
