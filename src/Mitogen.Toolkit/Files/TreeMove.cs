using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// Moves an entry. To another file system it is copied beside its new name, and takes that by the call that moves within one file system: so what
/// is replaced and what is refused is the same, and nothing is left half there.
/// </summary>
internal sealed class TreeMove(FileFailures failures, bool replace, CancellationToken cancellationToken)
{
    private const string Action = "move";

    public void Run(string from, string to)
    {
        (FolderHandle fromFolder, byte[] fromName) = FolderHandle.OpenParent(from, Action, failures);
        using (fromFolder)
        {
            (FolderHandle toFolder, byte[] toName) = FolderHandle.OpenParent(to, Action, failures);
            using (toFolder)
            {
                int error = Rename(fromFolder, fromName, toFolder, toName);
                if (error == FileLibc.OtherDevice)
                {
                    FolderHandle.CheckName(fromName, Action, from, failures);
                    FolderHandle.CheckName(toName, Action, to, failures);
                    error = RunAcross(fromFolder, fromName, from, toFolder, toName, to);
                }

                if (error != 0)
                {
                    throw failures.Make(error, Action, error is FileLibc.Exists or FileLibc.NotEmpty ? to : from);
                }
            }
        }
    }

    private int RunAcross(FolderHandle fromFolder, byte[] fromName, string from, FolderHandle toFolder, byte[] toName, string to)
    {
        // Before the copy, which may take long. And two names of one file, through two mounts, both stay, as they do within one.
        if (toFolder.TryStat(toName, out RawStat present)
            && (!replace || (fromFolder.TryStat(fromName, out RawStat source) && source.IsSameAs(present))))
        {
            return replace ? 0 : FileLibc.Exists;
        }

        // A name of its own for each move: two of them to one name do not share a copy.
        byte[] part = PartFile.NameOf(PathBytes.ToTerminated(Guid.NewGuid().ToString("N")));
        try
        {
            new TreeCopy(failures, replace: false, isMove: true, cancellationToken).Run(fromFolder, fromName, from, toFolder, part, to);
            int error = Rename(toFolder, part, toFolder, toName);
            if (error != 0)
            {
                return error;
            }
        }
        finally
        {
            _ = new TreeDeletion(failures, CancellationToken.None).TryRun(toFolder, part, to); // not there any more if all went well
        }

        if (!toFolder.Flush())
        {
            return Marshal.GetLastPInvokeError();
        }

        // Not given up any more: the entry has its new name, and half of it would stay under the old one.
        _ = new TreeDeletion(failures, CancellationToken.None).Run(fromFolder, fromName, from, recursive: true);
        return 0;
    }

    private int Rename(FolderHandle folder, byte[] name, FolderHandle to, byte[] newName) =>
        folder.Rename(name, to, newName, replace) ? 0 : Marshal.GetLastPInvokeError();
}
