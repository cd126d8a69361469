using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Entries that are made, moved and deleted.</summary>
internal sealed partial class FilesService
{
    private const uint OpenFolderMode = 0x1ff; // rwxrwxrwx

    public Task CopyAsync(string from, string to, bool replace = true, CancellationToken cancellationToken = default)
    {
        new TreeCopy(_failures, replace, isMove: false, cancellationToken).Run(from, to);
        return Task.CompletedTask;
    }

    public Task MoveAsync(string from, string to, bool replace = false, CancellationToken cancellationToken = default)
    {
        new TreeMove(_failures, replace, cancellationToken).Run(from, to);
        return Task.CompletedTask;
    }

    public Task<bool> DeleteAsync(string path, bool recursive = false, CancellationToken cancellationToken = default) =>
        Task.FromResult(Delete(path, recursive, cancellationToken));

    private bool Delete(string path, bool recursive, CancellationToken cancellationToken)
    {
        (string parent, string name) = FolderHandle.Split(path);
        using FolderHandle? folder = FolderHandle.Open(parent);
        if (folder is null)
        {
            return IsMissing() ? false : throw _failures.Last("delete", path);
        }

        byte[] terminated = PathBytes.ToTerminated(name);
        return FolderHandle.IsName(terminated.AsSpan(..^1))
            ? new TreeDeletion(_failures, cancellationToken).Run(folder, terminated, path, recursive)
            : throw new ArgumentException($"A path to delete cannot end with '{name}'.", nameof(path));
    }

    public Task<bool> CreateFolderAsync(string path, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(CreateFolders(path, mode));

    public Task CreateLinkAsync(string path, string target, bool replace = false, CancellationToken cancellationToken = default)
    {
        CreateLink(path, target, replace);
        return Task.CompletedTask;
    }

    private void CreateLink(string path, string target, bool replace)
    {
        const string Action = "make the link";
        byte[] targetBytes = PathBytes.ToTerminated(target);
        (FolderHandle folder, byte[] name) = FolderHandle.OpenParent(path, Action, _failures);
        using (folder)
        {
            FolderHandles.MakeLink(folder, name, targetBytes, replace, () => _failures.Last(Action, path));
        }
    }

    public Task CreateHardLinkAsync(string path, string existing, CancellationToken cancellationToken = default) =>
        FileLibc.MakeLink(FileLibc.Here, PathBytes.ToTerminated(existing), FileLibc.Here, PathBytes.ToTerminated(path), 0) == 0
            ? Task.CompletedTask
            : throw MissingOrLast($"give '{PathBytes.Display(existing)}' the name", path);

    public Task SetModeAsync(string path, UnixFileMode mode, CancellationToken cancellationToken = default) =>
        FileLibc.SetMode(FileLibc.Here, PathBytes.ToTerminated(path), (uint)mode, 0) == 0
            ? Task.CompletedTask
            : throw MissingOrLast("set the permissions of", path);

    public Task SetOwnerAsync(string path, string? user = null, string? group = null, bool followLinks = true, CancellationToken cancellationToken = default)
    {
        uint userId = user is null ? uint.MaxValue : AccountNames.Users.Number(user, _failures);
        uint groupId = group is null ? uint.MaxValue : AccountNames.Groups.Number(group, _failures);
        return FileLibc.SetOwner(FileLibc.Here, PathBytes.ToTerminated(path), userId, groupId, followLinks ? 0 : FileLibc.NoFollowAt) == 0
            ? Task.CompletedTask
            : throw MissingOrLast("set the owner of", path);
    }

    public Task TouchAsync(string path, FileTime? modified = null, FileTime? accessed = null, CancellationToken cancellationToken = default)
    {
        byte[] name = PathBytes.ToTerminated(path);
        FileTime time = modified ?? FileTime.Now;
        long[] times = FileLibc.Times(accessed ?? time, time);
        if (FileLibc.SetTimes(FileLibc.Here, name, times, 0) != 0)
        {
            if (Marshal.GetLastPInvokeError() != FileLibc.NotFound)
            {
                throw _failures.Last("set the times of", path);
            }

            using SafeFileHandle file = OpenForWriting(path, FileLibc.WriteOnly | FileLibc.Create, OpenMode);
            if (FileLibc.SetTimes(file, times) != 0)
            {
                throw _failures.Last("set the times of", path);
            }
        }

        return Task.CompletedTask;
    }

    public Task<string> CreateTemporaryFileAsync(string? folder = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(_temporary.CreateFile(folder));

    public Task<string> CreateTemporaryFolderAsync(string? folder = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(_temporary.CreateFolder(folder));

    /// <summary>Makes a folder and the missing ones above it.</summary>
    private bool CreateFolders(string path, UnixFileMode? mode) => FolderHandles.CreateAll(path, mode, _failures);
}
