using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Deletes an entry and what is in it. Each folder is opened in the one above, never through a link.</summary>
internal sealed class TreeDeletion(FileFailures failures, CancellationToken cancellationToken)
{
    private const string Action = "delete";

    /// <returns>Whether it was there.</returns>
    public bool Run(FolderHandle parent, byte[] name, string path, bool recursive) => Run(parent, name, path, recursive, 0);

    /// <summary>The same with all that is in it, for what is not worth a failure.</summary>
    /// <returns>Whether it was there and is gone.</returns>
    public bool TryRun(FolderHandle parent, byte[] name, string path)
    {
        try
        {
            return Run(parent, name, path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool Run(FolderHandle parent, byte[] name, string path, bool recursive, int depth)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (parent.Unlink(name))
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error == FileLibc.NotFound)
        {
            return false;
        }

        // Which of the two it is for a folder differs between file systems.
        if (error is not (FileLibc.IsFolder or FileLibc.PermissionDenied) || !parent.TryStat(name, out RawStat stat) || stat.Kind != FileKind.Folder)
        {
            throw failures.Make(error, Action, path);
        }

        if (recursive)
        {
            Empty(parent, name, path, depth);
        }

        if (parent.Unlink(name, isFolder: true))
        {
            return true;
        }

        error = Marshal.GetLastPInvokeError();
        return error == FileLibc.NotFound ? false : throw failures.Make(error, Action, path);
    }

    private void Empty(FolderHandle parent, byte[] name, string path, int depth)
    {
        if (depth == TreeWalk.MaxDepth)
        {
            throw failures.Problem(Action, path, $"it is more than {TreeWalk.MaxDepth} folders deep. Delete what is deep inside first.");
        }

        using FolderHandle? folder = parent.OpenFolder(name);
        if (folder is null)
        {
            if (Marshal.GetLastPInvokeError() == FileLibc.NotFound)
            {
                return;
            }

            throw failures.Last(Action, path);
        }

        // All names first: deleting while reading skips some on several file systems.
        foreach (byte[] entry in folder.Names().Failing(e => failures.Make(e.Error, Action, path)).ToArray())
        {
            _ = Run(folder, entry, FileStats.Join(path, entry), recursive: true, depth + 1);
        }
    }
}
