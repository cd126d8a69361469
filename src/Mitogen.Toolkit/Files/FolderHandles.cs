using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>What takes several steps in a folder.</summary>
internal static class FolderHandles
{
    /// <summary>Puts a symbolic link in the place of a file or link, in one step.</summary>
    public static void ReplaceWithLink(FolderHandle folder, byte[] name, byte[] target, Func<Exception> failure)
    {
        byte[] partName = PartFile.NameOf(name);
        _ = folder.Unlink(partName); // one that was left; if it stays, the next line tells of it
        if (!folder.MakeSymbolicLink(target, partName))
        {
            throw failure();
        }

        if (!folder.Rename(partName, name))
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
        const string Action = "make the folder";
        byte[] name = PathBytes.ToTerminated(path);
        if (FileLibc.MakeFolder(FileLibc.Here, name, 0x1ff) == 0)
        {
            if (mode is { } permissions && FileLibc.SetMode(FileLibc.Here, name, (uint)permissions, 0) != 0)
            {
                throw failures.Last(Action, path);
            }

            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (FolderHandle.TryStat(path, followLinks: true, out RawStat stat))
        {
            return stat.Kind == FileKind.Folder ? false : throw failures.Make(FileLibc.Exists, Action, path);
        }

        string parent = FolderHandle.Split(path).Parent;
        if (error != FileLibc.NotFound || parent is "." or "/")
        {
            throw failures.Make(error, Action, path);
        }

        _ = CreateAll(parent, null, failures);
        return CreateAll(path, mode, failures);
    }
}
