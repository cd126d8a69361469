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
        using (hub.Enter())
        {
            PeerObjects? objects = hub.FindEndpoint(_caller)?.Objects;
            released = objects?.Find(_header.Object) is { } export ? objects.Release(export, count) : null;
            isForgotten = objects?.Find(_header.Object) is null;
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
        using (hub.Enter())
        {
            _references?.Close();
        }
    }

    public override void ReturnPromised<T>(T value, RemoteContract<T> contract)
    {
        if (value is null)
        {
            Fail(new InvalidOperationException($"{_method!.Name} returned null, and its type says that it never does."));
            return;
        }

        using (hub.Enter())
        {
            if (_promised is not null && hub.FindEndpoint(_caller)?.Objects.Find(_promised.Id) == _promised)
            {
                hub.Hold(value);
                _promised.Resolve(value, contract);
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
        using (hub.Enter())
        {
            if (_stream is null)
            {
                return; // nobody is there to be given an object
            }

            CallEndpoint peer = hub.EndpointOf(_caller);
            peer.Objects.Charge(_account);
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
