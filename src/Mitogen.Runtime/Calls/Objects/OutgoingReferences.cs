using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The references of a message that is written and sent.</summary>
/// <remarks>The objects stay referenced here until the other side has the message: none is released while it is named in one.</remarks>
internal sealed class OutgoingReferences(CallEndpoint peer, bool isResult) : ReferenceScope
{
    private readonly List<ReferenceEntry> _entries = [];
    private readonly List<object> _values = [];
    private readonly List<ExportedObject> _exports = [];
    private List<PromiseCallTarget>? _promises;

    public override RemoteContract<Stream> Streams => StreamContract.Instance;

    /// <summary>Promises of other contexts than the receiver: the message waits for them.</summary>
    public IReadOnlyList<PromiseCallTarget>? Promises => _promises;

    public override uint Write<T>(T value, RemoteContract<T> contract)
    {
        int known = _values.FindIndex(v => ReferenceEquals(v, value));
        while (known >= 0 && _entries[known].Contract != contract.Id)
        {
            known = _values.FindIndex(known + 1, v => ReferenceEquals(v, value));
        }

        if (known < 0)
        {
            known = _entries.Count;
            if (known == ReferenceEntry.MaxCount)
            {
                throw new MemoryPackSerializationException(
                    $"A message passes at most {ReferenceEntry.MaxCount} objects and streams: pass them in parts, or an object that lists them.");
            }

            _values.Add(value);
            _entries.Add(Add(value, contract));
        }

        return (uint)known + 1;
    }

    public override T Read<T>(uint place, RemoteContract<T> contract) =>
        throw new InvalidOperationException("A message is either written or read.");

    /// <summary>Appends the table to the message's data.</summary>
    public void WriteTo(CallBuffer message) => ReferenceEntry.Write(message, _entries);

    /// <summary>Under the lock: the other side did not get the message, and never will. A result that nobody got is disposed.</summary>
    public void TakeBack()
    {
        foreach (ExportedObject export in _exports)
        {
            if (peer.Objects.Release(export, 1) is { } target)
            {
                peer.Hub.Dispose([target]);
            }
        }

        _exports.Clear();
    }

    private ReferenceEntry Add<T>(T value, RemoteContract<T> contract)
        where T : class
    {
        if (value is RemoteProxy { Target: RemoteCallTarget target })
        {
            ObjectDisposedException.ThrowIf(target is ObjectCallTarget { IsReleased: true }, target);

            (target as PromiseCallTarget)?.Observe();
            if (target.Endpoint == peer)
            {
                return new ReferenceEntry(ReferenceKind.Receivers, 0, target.ObjectId, contract.Id);
            }

            if (target is PromiseCallTarget promise)
            {
                (_promises ??= []).Add(promise);
            }
        }

        using (peer.Hub.Enter())
        {
            ExportedObject export = peer.Objects.Export(value, contract, isResult);
            _exports.Add(export);
            return new ReferenceEntry(ReferenceKind.Senders, contract.TagOf(value), export.Id, contract.Id);
        }
    }
}
