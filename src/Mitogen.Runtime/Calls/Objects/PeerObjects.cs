using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The objects that this context and one other have given each other.</summary>
/// <remarks>Guarded by the hub's lock.</remarks>
internal sealed class PeerObjects(CallHub hub, CallEndpoint peer)
{
    /// <summary>Marks the ids that the caller chose, for the objects that its calls will return.</summary>
    public const ulong PromiseBit = 1UL << 63;

    // A promise is made by the other side alone, so it needs a bound; a chain of calls has some dozens.
    private const int MaxPromises = 64 * 1024;

    private readonly Dictionary<ulong, ExportedObject> _exports = [];
    private readonly Dictionary<ObjectFace, ExportedObject> _exportsByTarget = [];
    private readonly Dictionary<(ulong Id, ulong Contract), ImportedObject> _imports = [];
    private ulong _lastId;
    private ulong _lastPromise;
    private int _promises;

    public int ImportCount => _imports.Count;

    public ulong NextPromise() => PromiseBit | ++_lastPromise;

    /// <summary>Counts one more reference to an object; one that the other context does not know gets an id.</summary>
    public ExportedObject Export(object target, RemoteContract contract, bool isResult)
    {
        if (!_exportsByTarget.TryGetValue(new ObjectFace(target, contract.Id), out ExportedObject? export))
        {
            export = new ExportedObject(hub, ++_lastId);
            export.Resolve(target, contract);
            Add(export);
        }

        export.References++;
        export.IsResult |= isResult;
        return export;
    }

    /// <summary>Makes room for the object that a call of the other context will return.</summary>
    /// <returns>Its place; <see langword="null"/> if the id is in use, or not one for a promise, or there are too many.</returns>
    public ExportedObject? Promise(ulong id)
    {
        if ((id & PromiseBit) == 0 || _promises == MaxPromises || _exports.ContainsKey(id))
        {
            return null;
        }

        _promises++;
        ExportedObject export = new(hub, id) { References = 1, IsResult = true };
        _exports.Add(id, export);
        hub.CountExport(1);
        return export;
    }

    public ExportedObject? Find(ulong id) => _exports.GetValueOrDefault(id);

    /// <summary>Takes back references that were sent.</summary>
    /// <returns>What is to be disposed, now that nobody may call it any more.</returns>
    public object? Release(ExportedObject export, uint count)
    {
        export.References -= Math.Min(count, export.References);
        if (export.References > 0 || !_exports.Remove(export.Id))
        {
            return null;
        }

        hub.CountExport(-1);
        _promises -= (export.Id & PromiseBit) == 0 ? 0 : 1;
        if (export.Target is not { } target)
        {
            return null;
        }

        ObjectFace face = new(target, export.Contract!.Id);
        if (_exportsByTarget.TryGetValue(face, out ExportedObject? same) && same == export)
        {
            _ = _exportsByTarget.Remove(face);
        }

        return hub.LetGo(target, export.IsResult);
    }

    /// <summary>What this context knows of an object of the other one.</summary>
    public ImportedObject Import(ulong id, ulong contract)
    {
        if (!_imports.TryGetValue((id, contract), out ImportedObject? import))
        {
            import = new ImportedObject(peer, id, contract);
            _imports.Add((id, contract), import);
        }

        return import;
    }

    /// <summary>The other context has forgotten the object.</summary>
    public void Forget(ImportedObject import)
    {
        if (import.IsUnused)
        {
            _ = _imports.Remove((import.Id, import.Contract));
        }
    }

    /// <summary>The other context is gone.</summary>
    /// <returns>What is to be disposed.</returns>
    public IReadOnlyList<object> Lose()
    {
        List<object> released = [];
        foreach (ExportedObject export in _exports.Values.ToArray())
        {
            if (Release(export, uint.MaxValue) is { } target)
            {
                released.Add(target);
            }
        }

        _imports.Clear();
        return released;
    }

    private void Add(ExportedObject export)
    {
        _exports.Add(export.Id, export);
        _exportsByTarget.Add(new ObjectFace(export.Target!, export.Contract!.Id), export);
        hub.CountExport(1);
        hub.Hold(export.Target!);
    }
}
