using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// The temporary files and folders of a context. All of them are in one folder for each place, whose lock the context holds: a folder without a
/// lock was left by one that was killed.
/// </summary>
internal sealed class TemporaryEntries(FileFailures failures) : IDisposable
{
    private const string Prefix = "mitogen-files-";
    private const string Action = "make a temporary entry in";

    // What another user has put into a folder keeps it; the next context tries again.
    private readonly TreeDeletion _deletion = new(failures, CancellationToken.None);
    private readonly Lock _lock = new();

    // Guarded by the lock.
    private readonly Dictionary<string, (string Path, SafeFileHandle Lock)> _folders = new(StringComparer.Ordinal);
    private long _count;
    private bool _isOver;

    public string CreateFile(string? place)
    {
        string path = NewPath(place);
        int number = FileLibc.Open(
            FileLibc.Here,
            PathBytes.ToTerminated(path),
            FileLibc.WriteOnly | FileLibc.Create | FileLibc.Exclusive | FileLibc.NoFollow | FileLibc.CloseOnExec,
            0x180 /* rw------- */);
        if (number < 0)
        {
            throw failures.Last("make", path);
        }

        new SafeFileHandle(number, ownsHandle: true).Dispose();
        return path;
    }

    public string CreateFolder(string? place)
    {
        string path = NewPath(place);
        return FileLibc.MakeFolder(FileLibc.Here, PathBytes.ToTerminated(path), 0x1c0 /* rwx------ */) == 0 ? path : throw failures.Last("make", path);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach ((string place, (string path, SafeFileHandle held)) in _folders)
            {
                try
                {
                    using FolderHandle? folder = FolderHandle.Open(place);
                    _ = folder is not null && _deletion.TryRun(folder, PathBytes.ToTerminated(FolderHandle.Split(path).Name), path);
                }
                finally
                {
                    held.Dispose();
                }
            }

            _folders.Clear();
        }
    }

    private string NewPath(string? place)
    {
        place ??= Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } folder ? folder : "/tmp";
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isOver, typeof(IFiles));
            if (!_folders.TryGetValue(place, out (string Path, SafeFileHandle Lock) own))
            {
                own = Begin(place);
                _folders.Add(place, own);
            }

            return $"{own.Path}/{++_count}";
        }
    }

    private (string Path, SafeFileHandle Lock) Begin(string place)
    {
        using FolderHandle folder = FolderHandle.Open(place) ?? throw failures.Last(Action, place);
        DeleteLeft(folder, place);
        while (true)
        {
            string name = Prefix + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8));
            byte[] terminated = PathBytes.ToTerminated(name);
            if (!folder.MakeFolder(terminated, 0x1c0))
            {
                throw failures.Last(Action, place);
            }

            // Another one that finds it before it is locked takes it for a left one, and deletes it.
            SafeFileHandle? held = folder.OpenFile(terminated, FileLibc.ReadOnly | FileLibc.Folder);
            int error = held is null ? Marshal.GetLastPInvokeError() : 0;
            if (held is not null && FileLock.TryTake(held, out error)
                && FolderHandle.TryStat(held, out RawStat own) && folder.TryStat(terminated, out RawStat named) && own.IsSameAs(named))
            {
                return ($"{place.TrimEnd('/')}/{name}", held);
            }

            held?.Dispose();
            if (error is not (0 or FileLibc.NotFound))
            {
                _ = folder.Unlink(terminated, isFolder: true);
                throw failures.Make(error, Action, place);
            }
        }
    }

    private void DeleteLeft(FolderHandle folder, string place)
    {
        byte[] prefix = System.Text.Encoding.ASCII.GetBytes(Prefix);
        using FolderHandle listed = folder.Reopen() ?? throw failures.Last(Action, place);
        foreach (byte[] name in listed.Names().Failing(e => failures.Make(e.Error, Action, place)).Where(n => n.AsSpan().StartsWith(prefix)).ToArray())
        {
            if (!folder.TryStat(name, out RawStat stat) || stat.Kind != FileKind.Folder || stat.User != PartFile.OwnUser)
            {
                continue;
            }

            using SafeFileHandle? left = folder.OpenFile(name, FileLibc.ReadOnly | FileLibc.Folder);
            if (left is not null && FileLock.TryTake(left, out _))
            {
                _ = _deletion.TryRun(folder, name, FileStats.Join(place, name));
            }
        }
    }
}
