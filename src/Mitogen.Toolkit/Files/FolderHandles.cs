using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>What takes several steps in a folder.</summary>
internal static class FolderHandles
{
    private const string Action = "make the folder";

    /// <summary>Makes a symbolic link. In the place of a file or another link it puts it in one step, if that is wanted.</summary>
    public static void MakeLink(FolderHandle folder, byte[] name, byte[] target, bool replace, Func<Exception> failure)
    {
        if (folder.MakeSymbolicLink(target, name))
        {
            return;
        }

        if (!replace || Marshal.GetLastPInvokeError() != FileLibc.Exists)
        {
            throw failure();
        }

        byte[] partName = PartFile.NameOf(name);
        _ = folder.Unlink(partName); // one that was left; if it stays, the next line tells of it
        if (!folder.MakeSymbolicLink(target, partName))
        {
            throw failure();
        }

        if (!folder.Rename(partName, folder, name, replace: true))
        {
            Exception error = failure();
            _ = folder.Unlink(partName);
            throw error;
        }
    }

    /// <summary>Makes a folder and the missing ones above it. One that is there stays as it is.</summary>
    /// <returns>Whether it was made.</returns>
    public static bool CreateAll(string path, UnixFileMode? mode, FileFailures failures)
    {
        bool isMade = TryCreate(path, mode, failures, out int error);
        string parent = FolderHandle.Split(path).Parent;
        if (error == FileLibc.NotFound && parent is not ("." or "/"))
        {
            _ = CreateAll(parent, null, failures);
            isMade = TryCreate(path, mode, failures, out error);
        }

        return error == 0 ? isMade : throw failures.Make(error, Action, path);
    }

    /// <summary>The names, with the failure to read a folder as the exception that its caller wants.</summary>
    public static IEnumerable<byte[]> Failing(this IEnumerable<byte[]> names, Func<FolderReadException, Exception> failure)
    {
        using IEnumerator<byte[]> each = names.GetEnumerator();
        while (true)
        {
            try
            {
                if (!each.MoveNext())
                {
                    yield break;
                }
            }
            catch (FolderReadException e)
            {
                throw failure(e);
            }

            yield return each.Current;
        }
    }

    private static bool TryCreate(string path, UnixFileMode? mode, FileFailures failures, out int error)
    {
        byte[] name = PathBytes.ToTerminated(path);
        if (FileLibc.MakeFolder(FileLibc.Here, name, 0x1ff) == 0)
        {
            error = mode is { } permissions && FileLibc.SetMode(FileLibc.Here, name, (uint)permissions, 0) != 0 ? Marshal.GetLastPInvokeError() : 0;
            return true;
        }

        error = Marshal.GetLastPInvokeError();
        if (FolderHandle.TryStat(path, followLinks: true, out RawStat stat))
        {
            error = stat.Kind == FileKind.Folder ? 0 : throw failures.Make(FileLibc.Exists, Action, path);
        }

        return false;
    }
}
