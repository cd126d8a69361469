using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The references of a message that is written and sent.</summary>
/// <remarks>The objects stay referenced here until the other side has the message: none is released while it is named in one.</remarks>
/// <param name="peer">Who gets the message.</param>
/// <param name="isResult">Whether it is a result.</param>
/// <param name="exclusive">The gate of the exclusive service that the message is a result of: streams of items in it are held to it too.</param>
internal sealed class OutgoingReferences(CallEndpoint peer, bool isResult, ExclusiveGate? exclusive = null) : ReferenceScope
{
    private readonly List<ReferenceEntry> _entries = [];
    private readonly Dictionary<ObjectFace, uint> _places = [];
    private readonly List<ExportedObject> _exports = [];
    private List<PromiseCallTarget>? _promises;

    public override RemoteContract<Stream> Streams => StreamContract.Instance;

    /// <summary>Promises of other contexts than the receiver: the message waits for them.</summary>
    public IReadOnlyList<PromiseCallTarget>? Promises => _promises;

    public override uint Write<T>(T value, RemoteContract<T> contract)
    {
        ObjectFace face = new(value, contract.Id);
        if (!_places.TryGetValue(face, out uint place))
        {
            if (_entries.Count == ReferenceEntry.MaxCount)
            {
                throw new MemoryPackSerializationException(
                    $"A message passes at most {ReferenceEntry.MaxCount} objects and streams: pass them in parts, or an object that lists them.");
            }

            _entries.Add(Add(value, contract));
            place = (uint)_entries.Count;
            _places.Add(face, place);
        }

        return place;
    }

    public override T Read<T>(uint place, RemoteContract<T> contract) =>
        throw new InvalidOperationException("A message is either written or read.");

    /// <summary>Appends the table to the message's data.</summary>
    public void WriteTo(CallBuffer message) => ReferenceEntry.Write(message, _entries);

    /// <summary>The other side did not get the message, and never will. A result that nobody got is disposed.</summary>
    public void TakeBack(in HubLock locked)
    {
        foreach (ExportedObject export in _exports)
        {
            if (peer.Objects.Release(locked, export, 1) is { } target)
            {
                peer.Hub.Objects.Dispose(target);
            }
        }

        _exports.Clear();
    }

    private ReferenceEntry Add<T>(T value, RemoteContract<T> contract)
        where T : class
    {
        if (value is RemoteProxy { Target: RemoteCallTarget target })
        {
            (target as ObjectCallTarget)?.ThrowIfReleased();
            (target as PromiseCallTarget)?.Observe();
            if (target.Endpoint == peer)
            {
                if (target is PromiseCallTarget { IsSent: false } unsent)
                {
                    (_promises ??= []).Add(unsent); // nobody knows it there yet
                }

                return new ReferenceEntry(ReferenceKind.Receivers, 0, target.ObjectId, contract.Id);
            }

            if (target is PromiseCallTarget promise)
            {
                (_promises ??= []).Add(promise);
            }
        }

        using (HubLock locked = peer.Hub.Enter())
        {
            ExportedObject export = peer.Objects.Export(locked, value, contract, isResult, contract.Id == ItemsContract.Id ? exclusive : null);
            _exports.Add(export);
            return new ReferenceEntry(ReferenceKind.Senders, contract.TagOf(value), export.Id, contract.Id);
        }
    }
}
