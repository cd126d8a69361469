using System.Runtime.InteropServices;
using Mitogen.Toolkit.Files;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Transfers;

/// <summary>
/// Takes what a source offers. The source is not trusted: an entry has one name in the folder that was opened last, no folder is opened through a link,
/// and sizes, counts and depths are held against the bounds. For one thread at a time.
/// </summary>
internal sealed partial class SinkRun : IDisposable
{
    private const string Action = "receive";

    private readonly string _path;
    private readonly SinkSettings _settings;
    private readonly FileFailures _failures;
    private readonly SinkCounter _counter;
    private readonly SinkFolders _folders = new();
    private readonly OfferReader _offers = new();

    // The folder that the top is in, and the top's name there.
    private readonly FolderHandle _above;
    private readonly byte[] _topName;
    private readonly SinkFolder _base;

    // An open folder of each file system that the tree reaches into, by its number. None if the top is new: then it is in the one above.
    private readonly Dictionary<(uint, uint), FolderHandle> _volumes = [];

    // The folders that were opened to be filled, and are not complete.
    private readonly HashSet<SinkFolder> _opened = [];

    // The files that were wanted and have not come, by the number of their offer.
    private readonly Dictionary<long, WantedFile> _wanted = [];
    private SinkFolder? _present;
    private long _number;
    private long _entries;
    private bool _hasTop;
    private bool _areOffersOver;

    public SinkRun(string path, SinkSettings settings, FileFailures failures, IProgress<SinkAnswers> answers)
    {
        _settings = settings;
        _failures = failures;
        _counter = new SinkCounter(answers, settings.MaxListed);

        // What the user named is what is meant, also through a link.
        _path = FileLibc.RealPath(PathBytes.ToTerminated(path)) is { } resolved ? PathBytes.OfTerminated(resolved) : path;
        (string parent, string name) = FolderHandle.Split(_path);
        _topName = PathBytes.ToTerminated(name);
        if (_path.TrimEnd('/').Length > 0)
        {
            FolderHandle.CheckName(_topName, Action, path, failures);
        }

        if (!settings.DryRun)
        {
            _ = FolderHandles.CreateAll(parent, null, failures);
        }
        else if (!FolderHandle.TryStat(parent, followLinks: true, out _))
        {
            // Nothing is made: what would be in there is all new.
            (parent, _topName) = ("/", PathBytes.ToTerminated(Guid.NewGuid().ToString("N")));
        }

        _above = FolderHandle.Open(parent) ?? throw failures.Last(Action, path);
        _base = new SinkFolder(null, [], "", default, _folders);
        _base.Hold(_above);
        _present = _base;
    }

    public async Task<SinkReport> ReceiveAsync(WireReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(reader, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _counter.Tell("", always: true); // how far it got
            throw;
        }
    }

    private async Task<SinkReport> TakeAsync(WireReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WireFrame frame = await reader.ReadFrameAsync(cancellationToken).ConfigureAwait(false);
            switch (frame)
            {
                case WireFrame.Offers:
                case WireFrame.PackedOffers:
                    _offers.Begin(await reader.ReadOffersAsync(frame == WireFrame.PackedOffers, cancellationToken).ConfigureAwait(false));
                    TakeOffers(cancellationToken);
                    _counter.Tell("");
                    break;
                case WireFrame.OffersEnd when !_areOffersOver:
                    _areOffersOver = _counter.IsTotalKnown = true;
                    _counter.Tell("", always: true);
                    break;
                case WireFrame.Content:
                    await ReceiveContentAsync(reader, cancellationToken).ConfigureAwait(false);
                    break;
                case WireFrame.End:
                    Finish();
                    return _counter.Report();
                default:
                    throw WireReader.Broken($"a frame of kind {frame} came");
            }
        }
    }

    public void Dispose()
    {
        // The deepest first: one above may be closed to what is in it.
        foreach (SinkFolder folder in _opened.OrderByDescending(folder => folder.Depth))
        {
            _ = folder.Open()?.SetModeSelf(folder.ClosedMode!.Value); // why it broke off is told, and this may have the same reason
        }

        foreach (FolderHandle volume in _volumes.Values)
        {
            volume.Dispose();
        }

        _folders.Dispose();
        _above.Dispose();
    }

    /// <summary>An open folder of each file system that is flushed in the end.</summary>
    internal IReadOnlyCollection<FolderHandle> Volumes => _volumes.Count == 0 ? [_above] : _volumes.Values;

    private void Finish()
    {
        if (_wanted.Count > 0 || _present != _base || !_hasTop)
        {
            throw WireReader.Broken("it ended before all was sent");
        }

        if (_settings.Flush && !_settings.DryRun && !Volumes.All(volume => volume.FlushVolume()))
        {
            throw _failures.Last("flush the file system of", _path);
        }

        _counter.Tell("", always: true);
    }

    private void TakeOffers(CancellationToken cancellationToken)
    {
        while (_offers.HasMore)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WireOffer kind = _offers.ReadKind();
            if (kind == WireOffer.Leave)
            {
                Leave(cancellationToken);
            }
            else
            {
                TakeEntry(kind, cancellationToken);
            }
        }
    }

    private void TakeEntry(WireOffer kind, CancellationToken cancellationToken)
    {
        EntryState state = _offers.ReadState();
        ReadOnlySpan<byte> plain = _offers.ReadBytes(FolderHandle.MaxName, "a name");
        bool isTop = _present == _base;
        if (_areOffersOver || (isTop ? !plain.IsEmpty || _hasTop || kind == WireOffer.Link : !FolderHandle.IsName(plain) || PartFile.IsPart(plain)))
        {
            throw WireReader.Broken($"an entry has the name '{PathBytes.Display(PathBytes.Decode(plain))}'");
        }

        if (++_entries > _settings.MaxEntries)
        {
            throw Bound($"the tree has more than {_settings.MaxEntries} entries (TransferOptions.MaxEntries).");
        }

        _hasTop = true;
        byte[] name = isTop ? _topName : [.. plain, 0];
        _ = _present!.Offered?.Add(PathBytes.Decode(plain));
        SinkEntry entry = new(_present, name, isTop ? "" : _present.At(plain), state);
        switch (kind)
        {
            case WireOffer.Folder:
                TakeFolder(entry, cancellationToken);
                break;
            case WireOffer.File:
                TakeFile(entry, _offers.ReadSize(), cancellationToken);
                break;
            case WireOffer.Link:
                TakeLink(entry, _offers.ReadBytes(4095, "the target of a link").ToArray(), cancellationToken);
                break;
            default:
                throw WireReader.Broken($"an offer of kind {kind} came");
        }
    }

    private void TakeFolder(SinkEntry entry, CancellationToken cancellationToken)
    {
        if (_present!.Depth >= _settings.MaxDepth)
        {
            throw Bound($"'{PathBytes.Display(entry.Path)}' is more than {_settings.MaxDepth} folders deep (TransferOptions.MaxDepth).");
        }

        bool isThere = TryLook(entry, out RawStat stat);
        if (isThere && stat.Kind != FileKind.Folder)
        {
            MakeRoom(entry, stat.Kind, "folder", cancellationToken);
            isThere = false;
        }

        if (!isThere)
        {
            _counter.Folders++;
            _counter.AddChange(TransferChangeKind.Created, FileKind.Folder, entry.Path);

            // Nobody else looks in before it has its permissions. Without any to copy it has the usual ones at once, and after a break too.
            uint mode = _settings.Permissions ? 0x1c0u /* rwx------ */ : 0x1ffu;
            if (!_settings.DryRun && !OpenFolder(entry.Folder, entry.Path).MakeFolder(entry.Name, mode))
            {
                throw Failure(entry.Path);
            }
        }

        entry.Folder.Missing++;
        _present = new SinkFolder(entry.Folder, entry.Name, entry.Path, entry.State, _folders)
        {
            IsVirtual = _settings.DryRun && !isThere,
            Offered = _settings.Delete ? new HashSet<string>(StringComparer.Ordinal) : null,
        };
        if (isThere && !_settings.DryRun)
        {
            Enter(_present, stat);
        }
    }

    /// <summary>A folder that is there is to be filled.</summary>
    private void Enter(SinkFolder folder, in RawStat stat)
    {
        // One that is closed to its own user cannot be filled.
        if ((stat.Permissions & 0x1c0) != 0x1c0 && stat.User == PartFile.OwnUser && folder.Open() is { } closed)
        {
            folder.ClosedMode = stat.Permissions;
            _ = _opened.Add(folder);
            _ = closed.SetModeSelf(stat.Permissions | 0x1c0); // if that fails, so does what needs it, and tells of it
        }

        if (!_volumes.ContainsKey((stat.DeviceMajor, stat.DeviceMinor)))
        {
            _volumes.Add((stat.DeviceMajor, stat.DeviceMinor), OpenFolder(folder, folder.Path).Reopen() ?? throw Failure(folder.Path));
        }
    }

    private void Leave(CancellationToken cancellationToken)
    {
        SinkFolder folder = _present!;
        if (folder == _base || _areOffersOver)
        {
            throw WireReader.Broken("a folder ends that did not begin");
        }

        _present = folder.Parent;
        if (folder is { Offered: not null, IsVirtual: false })
        {
            DeleteOthers(folder, cancellationToken);
        }

        Complete(folder);
    }

    /// <summary>One thing less is missing in a folder; the last one completes it, and that the one above.</summary>
    private void Complete(SinkFolder folder)
    {
        while (folder != _base && --folder.Missing == 0)
        {
            if (!_settings.DryRun)
            {
                SetState(folder);
            }

            _folders.Closed(folder);
            folder = folder.Parent!;
        }
    }

    private void SetState(SinkFolder folder)
    {
        FolderHandle handle = OpenFolder(folder, folder.Path);
        EntryState state = folder.State;
        uint? mode = _settings.Permissions ? Permissions(state) : folder.ClosedMode;
        bool isSet = (!_settings.Owners || handle.SetOwnerSelf(state.User, state.Group))
            && (mode is not { } permissions || handle.SetModeSelf(permissions))
            && (!_settings.Times || handle.SetTimesSelf(state.Modified, state.Modified));
        if (!isSet)
        {
            throw Failure(folder.Path);
        }

        _ = _opened.Remove(folder);
    }

    private void TakeLink(SinkEntry entry, byte[] target, CancellationToken cancellationToken)
    {
        if (target.Length == 0 || target.AsSpan().Contains((byte)0))
        {
            throw WireReader.Broken("a link leads nowhere");
        }

        bool isThere = TryLook(entry, out RawStat stat);
        if (isThere && stat.Kind == FileKind.SymbolicLink && OpenFolder(entry.Folder, entry.Path).ReadLink(entry.Name) is { } present
            && present.AsSpan().SequenceEqual(target))
        {
            return;
        }

        if (isThere && stat.Kind == FileKind.Folder)
        {
            MakeRoom(entry, stat.Kind, "symbolic link", cancellationToken);
            isThere = false;
        }

        _counter.Links++;
        _counter.AddChange(isThere ? TransferChangeKind.Updated : TransferChangeKind.Created, FileKind.SymbolicLink, entry.Path);
        if (_settings.DryRun)
        {
            return;
        }

        FolderHandle folder = OpenFolder(entry.Folder, entry.Path);
        FolderHandles.MakeLink(folder, entry.Name, [.. target, 0], replace: true, () => Failure(entry.Path));
        if ((_settings.Owners && !folder.SetOwner(entry.Name, entry.State.User, entry.State.Group))
            || (_settings.Times && !folder.SetTimes(entry.Name, entry.State.Modified, entry.State.Modified)))
        {
            throw Failure(entry.Path);
        }
    }

    private bool TryLook(SinkEntry entry, out RawStat stat)
    {
        stat = default;
        if (entry.Folder.IsVirtual)
        {
            return false;
        }

        if (OpenFolder(entry.Folder, entry.Path).TryStat(entry.Name, out stat))
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == FileLibc.NotFound ? false : throw Failure(entry.Path);
    }

    /// <summary>Removes what stands in the place of another kind of entry, if that is allowed.</summary>
    private void MakeRoom(SinkEntry entry, FileKind present, string wanted, CancellationToken cancellationToken)
    {
        if (!_settings.Delete)
        {
            throw _failures.Problem(
                Action, FullPath(entry.Path), $"the source has a {wanted} there, and here is one of kind {present}. SyncOptions.Delete replaces it.");
        }

        if (!FolderHandle.IsName(entry.Name.AsSpan(..^1)))
        {
            throw _failures.Make(FileLibc.IsFolder, Action, _path); // the root of all: nothing takes its place
        }

        Delete(entry.Folder, entry.Name, entry.Path, present, cancellationToken);
    }

    private void DeleteOthers(SinkFolder folder, CancellationToken cancellationToken)
    {
        HashSet<string> parts = [.. _wanted.Values.Where(w => w.Entry.Folder == folder).Select(w => PathBytes.OfTerminated(PartFile.NameOf(w.Entry.Name)))];
        using FolderHandle listed = OpenFolder(folder, folder.Path).Reopen() ?? throw Failure(folder.Path);
        foreach (byte[] name in listed.Names().Failing(e => _failures.Make(e.Error, Action, FullPath(folder.Path))).ToArray())
        {
            ReadOnlySpan<byte> plain = name.AsSpan(..^1);
            string text = PathBytes.Decode(plain);
            if (!folder.Offered!.Contains(text) && !parts.Contains(text))
            {
                FolderHandle handle = OpenFolder(folder, folder.Path);
                FileKind kind = handle.TryStat(name, out RawStat stat) ? stat.Kind : FileKind.Unknown;
                Delete(folder, name, folder.At(plain), kind, cancellationToken);
            }
        }
    }

    private void Delete(SinkFolder folder, byte[] name, string path, FileKind kind, CancellationToken cancellationToken)
    {
        _counter.Deleted++;
        _counter.AddChange(TransferChangeKind.Deleted, kind, path);
        if (!_settings.DryRun)
        {
            _ = new TreeDeletion(_failures, cancellationToken).Run(OpenFolder(folder, path), name, FullPath(path), recursive: true);
        }
    }

    private FolderHandle OpenFolder(SinkFolder folder, string path) => folder.Open() ?? throw Failure(path);

    private uint Permissions(in EntryState state) => state.Mode & (_settings.Owners ? 0xfffu : 0x1ffu);

    private string FullPath(string path) => path.Length == 0 ? _path : $"{_path.TrimEnd('/')}/{path}";

    private Exception Failure(string path) => _failures.Last(Action, FullPath(path));

    private IOException Bound(string reason) => _failures.Problem(Action, _path, reason);
}

/// <summary>An entry that was offered: where it goes, its name with a zero, its way from the top, and the state that it is to have.</summary>
internal readonly record struct SinkEntry(SinkFolder Folder, byte[] Name, string Path, EntryState State);
