using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>The objects that this context and one other have given each other.</summary>
internal sealed class PeerObjects(CallHub hub, CallEndpoint peer)
{
    /// <summary>Marks the ids that the caller chose, for the objects that its calls will return.</summary>
    public const ulong PromiseBit = 1UL << 63;

    /// <summary>The bytes that an object of the other context takes here, about, as long as it is known.</summary>
    public const int ImportBytes = 512;

    private readonly Dictionary<ulong, ExportedObject> _exports = new(KeyHash.Instance);
    private readonly Dictionary<ObjectFace, ExportedObject> _exportsByTarget = [];
    private readonly Dictionary<(ulong Id, ulong Contract), ImportedObject> _imports = new(KeyHash.Instance);
    private Charge _promised = new(Resource.Parked);
    private Charge _imported = new(Resource.Memory);
    private ulong _lastId;
    private ulong _lastPromise;

    public int ImportCount => _imports.Count;

    /// <summary>Whose account is charged for what the other context makes known here: promises, and objects of its own. None, if it is above.</summary>
    public void Charge(in HubLock locked, Account? account)
    {
        _promised.Use(account);
        _imported.Use(account);
    }

    public ulong NextPromise(in HubLock locked) => PromiseBit | ++_lastPromise;

    /// <summary>Counts one more reference to an object; one that the other context does not know gets an id.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="target">The object.</param>
    /// <param name="contract">The contract that it is called by.</param>
    /// <param name="isResult">Whether it is a result: the last release disposes it.</param>
    /// <param name="exclusive">The gate of the exclusive service that it is a result of.</param>
    public ExportedObject Export(in HubLock locked, object target, RemoteContract contract, bool isResult, ExclusiveGate? exclusive = null)
    {
        if (!_exportsByTarget.TryGetValue(new ObjectFace(target, contract.Id), out ExportedObject? export))
        {
            export = new ExportedObject(hub, ++_lastId, target, contract, exclusive);
            Add(locked, export);
        }

        export.References++;
        export.IsResult |= isResult;
        return export;
    }

    /// <summary>Makes room for the object that a call of the other context will return.</summary>
    /// <param name="locked">The lock.</param>
    /// <param name="id">The id that the other context chose.</param>
    /// <param name="hasRoom">Receives whether there are not too many promises.</param>
    /// <returns>Its place; <see langword="null"/> if the id is in use, or not one for a promise, or there are too many.</returns>
    public ExportedObject? Promise(in HubLock locked, ulong id, out bool hasRoom)
    {
        hasRoom = true;
        if ((id & PromiseBit) == 0 || _exports.ContainsKey(id))
        {
            return null;
        }

        hasRoom = _promised.TrySet(_promised.Amount + 1);
        if (!hasRoom)
        {
            return null;
        }

        ExportedObject export = new(hub, id) { References = 1, IsResult = true };
        _exports.Add(id, export);
        hub.Peers.CountExport(locked, 1);
        return export;
    }

    public ExportedObject? Find(in HubLock locked, ulong id) => _exports.GetValueOrDefault(id);

    /// <summary>Takes back references that were sent.</summary>
    /// <returns>The object to dispose, now that nobody may call it any more.</returns>
    public object? Release(in HubLock locked, ExportedObject export, uint count)
    {
        export.References -= Math.Min(count, export.References);
        if (export.References > 0 || !_exports.Remove(export.Id))
        {
            return null;
        }

        hub.Peers.CountExport(locked, -1);
        export.Gate.Close(locked);
        _ = _promised.TrySet(_promised.Amount - ((export.Id & PromiseBit) == 0 ? 0 : 1));
        if (export.Target is not { } target)
        {
            return null;
        }

        ObjectFace face = new(target, export.Contract!.Id);
        if (_exportsByTarget.TryGetValue(face, out ExportedObject? same) && same == export)
        {
            _ = _exportsByTarget.Remove(face);
        }

        return hub.Objects.LetGo(locked, target, export.IsResult);
    }

    /// <summary>Whether so many more objects of the other context may be known here.</summary>
    public bool HasRoomFor(in HubLock locked, int imports)
    {
        bool hasRoom = _imported.TrySet((_imports.Count + (long)imports) * ImportBytes);
        _ = _imported.TrySet(_imports.Count * (long)ImportBytes);
        return hasRoom;
    }

    /// <summary>The import of an object of the other context.</summary>
    public ImportedObject Import(in HubLock locked, ulong id, ulong contract)
    {
        if (!_imports.TryGetValue((id, contract), out ImportedObject? import))
        {
            import = new ImportedObject(peer, id, contract);
            _imports.Add((id, contract), import);
            _ = _imported.TrySet(_imports.Count * (long)ImportBytes); // HasRoomFor was asked
        }

        return import;
    }

    /// <summary>The other context has forgotten the object.</summary>
    public void Forget(in HubLock locked, ImportedObject import)
    {
        if (import.IsUnused)
        {
            _ = _imports.Remove((import.Id, import.Contract));
            _ = _imported.TrySet(_imports.Count * (long)ImportBytes);
        }
    }

    /// <summary>The other context is gone.</summary>
    /// <returns>The objects to dispose.</returns>
    public IReadOnlyList<object> Lose(in HubLock locked)
    {
        List<object> released = [];
        foreach (ExportedObject export in _exports.Values.ToArray())
        {
            if (Release(locked, export, uint.MaxValue) is { } target)
            {
                released.Add(target);
            }
        }

        _imports.Clear();
        _imported.Clear();
        return released;
    }

    private void Add(in HubLock locked, ExportedObject export)
    {
        _exports.Add(export.Id, export);
        _exportsByTarget.Add(new ObjectFace(export.Target!, export.Contract!.Id), export);
        hub.Peers.CountExport(locked, 1);
        hub.Objects.Hold(locked, export.Target!);
    }
}
