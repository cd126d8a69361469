using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The references of a message that came whole. From then on the receiver answers for them, whether anyone reads them or not.</summary>
internal sealed class IncomingReferences : ReferenceScope
{
    private readonly CallEndpoint _peer;
    private readonly CallOptions _options;
    private readonly Reference[] _references;

    /// <summary>Takes the references over.</summary>
    /// <exception cref="MemoryPackSerializationException">The message's table makes no sense; nothing was taken over.</exception>
    /// <exception cref="BoundReachedException">The other context has given too many objects; nothing was taken over.</exception>
    public IncomingReferences(in HubLock locked, CallEndpoint peer, MessageAssembler message, CallOptions options)
    {
        _peer = peer;
        _options = options;
        ReferenceEntry[] entries = ReferenceEntry.Read(message, out int dataBytes);
        DataBytes = dataBytes;
        if (!peer.Objects.HasRoomFor(locked, entries.Length))
        {
            throw BoundReachedException.Memory($"what {peer.Path} gives references to", peer.Hub.Options);
        }

        _references = new Reference[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            ReferenceEntry entry = entries[i];
            _references[i] = new Reference(entry);
            if (entry.Kind == ReferenceKind.Receivers)
            {
                _references[i].Own = entry.Object == 0 ? null : peer.Objects.Find(locked, entry.Object);
            }
            else
            {
                _references[i].Import = peer.Objects.Import(locked, entry.Object, entry.Contract);
                _references[i].Import!.Uses++;
            }
        }
    }

    public override RemoteContract<Stream> Streams => StreamContract.Instance;

    /// <summary>How many bytes of the message are data.</summary>
    public int DataBytes { get; }

    /// <summary>Those that mean objects of this context.</summary>
    public IEnumerable<ExportedObject> Own => _references.Select(r => r.Own).OfType<ExportedObject>();

    /// <summary>The promises among them, which this context is to fulfil.</summary>
    public IEnumerable<ExportedObject> Promised => Own.Where(o => o.IsPromised);

    /// <summary>Why a promise among them failed, if one did.</summary>
    public Exception? Failure => _references.Select(r => r.Own?.Failure).FirstOrDefault(f => f is not null);

    public override uint Write<T>(T value, RemoteContract<T> contract) =>
        throw new InvalidOperationException("A message is either written or read.");

    public override T Read<T>(uint place, RemoteContract<T> contract)
    {
        if (place - 1 >= (uint)_references.Length || _references[place - 1].Entry.Contract != contract.Id)
        {
            throw new MemoryPackSerializationException($"There is no {contract.Name} at place {place} of a message's {_references.Length} references.");
        }

        Reference reference = _references[place - 1];
        if (reference.Value is null && reference.Entry.Kind == ReferenceKind.Receivers && reference.Entry.Object == 0)
        {
            reference.Value = _peer.Hub.Served.ServiceFor(_peer, contract);
        }

        using (HubLock locked = _peer.Hub.Enter())
        {
            reference.Value ??= reference.Import is { } import
                ? import.Claim(locked, contract, reference.Entry.Tag, _options)
                : reference.Own?.Target;
            reference.IsClaimed |= reference.Import is not null;
        }

        return reference.Value as T ?? throw new MemoryPackSerializationException(
            $"A reference to an own {contract.Name} names object {reference.Entry.Object:x}, which was released.");
    }

    /// <summary>The message was read, or will not be. What nobody claimed is released.</summary>
    public void Close(in HubLock locked)
    {
        foreach (Reference reference in _references)
        {
            if (reference.Import is { } import)
            {
                reference.Import = null;
                if (!reference.IsClaimed)
                {
                    import.Return(locked, 1);
                }

                import.Uses--;
            }
        }
    }

    private sealed class Reference(ReferenceEntry entry)
    {
        public ReferenceEntry Entry { get; } = entry;

        public ImportedObject? Import { get; set; }

        public ExportedObject? Own { get; set; }

        public object? Value { get; set; }

        public bool IsClaimed { get; set; }
    }
}
