using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <content>Objects in arguments and results, promised ones, and their release.</content>
internal sealed partial class ServedCall
{
    private ReferenceScope? _outerScope;
    private bool _isReading;

    private async ValueTask<bool> ReleaseAsync()
    {
        MemoryPackReader reader = BeginArguments();
        uint count = reader.ReadUnmanaged<uint>();
        EndArguments(ref reader);
        object? released;
        bool isForgotten;
        using (HubLock locked = hub.Enter())
        {
            PeerObjects? objects = hub.FindEndpoint(locked, _caller)?.Objects;
            released = objects?.Find(locked, _header.Object) is { } export ? objects.Release(locked, export, count) : null;
            isForgotten = objects?.Find(locked, _header.Object) is null;
        }

        if (released is not null)
        {
            await hub.DisposeAsync(released).ConfigureAwait(false);
        }

        return isForgotten;
    }

    /// <summary>The arguments were read, or cannot be.</summary>
    private void EndReading()
    {
        if (!_isReading)
        {
            return;
        }

        _isReading = false;
        _ = ReferenceScope.Enter(_outerScope);
        using (HubLock locked = hub.Enter())
        {
            _references?.Close(locked);
        }
    }

    public override void ReturnPromised<T>(T value, RemoteContract<T> contract)
    {
        if (value is null)
        {
            Fail(new InvalidOperationException($"{_method!.Name} returned null, and its type says that it never does."));
            return;
        }

        using (HubLock locked = hub.Enter())
        {
            if (_promised is not null && hub.FindEndpoint(locked, _caller)?.Objects.Find(locked, _promised.Id) == _promised)
            {
                hub.Hold(locked, value);
                _promised.Resolve(locked, value, contract);
            }
            else if (!hub.Host.IsService(value))
            {
                hub.Dispose(value); // its caller is gone, and the promise with it
            }
        }

        Return();
    }

    private void WriteWithReferences<T>(T value, ResultWriter<T> writer)
    {
        OutgoingReferences references;
        using (HubLock locked = hub.Enter())
        {
            if (_stream is null)
            {
                return; // nobody is there to be given an object
            }

            CallEndpoint peer = hub.EndpointOf(locked, _caller);
            peer.Objects.Charge(locked, _account);
            _resultReferences = references = new OutgoingReferences(peer, isResult: true, _exclusive);
        }

        ReferenceScope? outer = ReferenceScope.Enter(references);
        try
        {
            Write(value, writer);
        }
        finally
        {
            _ = ReferenceScope.Enter(outer);
        }

        references.WriteTo(_answer);
    }
}
