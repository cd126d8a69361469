using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>Copies a file or a tree within one machine.</summary>
/// <param name="failures">Makes the errors.</param>
/// <param name="replace">Whether files that are there are replaced.</param>
/// <param name="isMove">Whether the copy takes the original's place, and so has its owner too.</param>
/// <param name="cancellationToken">Gives it up.</param>
internal sealed class TreeCopy(FileFailures failures, bool replace, bool isMove, CancellationToken cancellationToken)
{
    private const string Action = "copy";

    private readonly byte[] _buffer = new byte[256 * 1024];

    public void Run(string from, string to)
    {
        (FolderHandle fromFolder, byte[] fromName) = FolderHandle.OpenParent(from, Action, failures);
        using (fromFolder)
        {
            (FolderHandle toFolder, byte[] toName) = FolderHandle.OpenParent(to, Action, failures);
            using (toFolder)
            {
                FolderHandle.CheckName(toName, Action, to, failures);
                Run(fromFolder, fromName, from, toFolder, toName, to);
            }
        }
    }

    /// <summary>The same in folders that are open.</summary>
    public void Run(FolderHandle fromFolder, byte[] fromName, string from, FolderHandle toFolder, byte[] toName, string to)
    {
        RefuseIntoItself(from, to);
        Copy(fromFolder, fromName, from, toFolder, toName, to, 0);
    }

    private void Copy(FolderHandle from, byte[] name, string path, FolderHandle to, byte[] newName, string newPath, int depth)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!from.TryStat(name, out RawStat stat))
        {
            throw failures.Last(Action, path);
        }

        switch (stat.Kind)
        {
            case FileKind.File:
                CopyFile(from, name, path, stat, to, newName, newPath);
                break;
            case FileKind.SymbolicLink:
                CopyLink(from, name, path, stat, to, newName, newPath);
                break;
            case FileKind.Folder:
                CopyFolder(from, name, path, stat, to, newName, newPath, depth);
                break;
            default:
                throw failures.Problem(Action, path, $"it is no file, folder or symbolic link ({stat.Kind}).");
        }
    }

    private void CopyFile(FolderHandle from, byte[] name, string path, in RawStat stat, FolderHandle to, byte[] newName, string newPath)
    {
        using SafeFileHandle source = from.OpenFile(name, FileLibc.ReadOnly | FileLibc.NonBlocking) ?? throw failures.Last(Action, path);
        try
        {
            using PartFile part = PartFile.TryCreate(to, newName, keep: false)
                ?? throw failures.Problem(Action, newPath, "another one is writing it now.");
            CopyContent(source, part.Handle, path, newPath);
            if ((isMove && FileLibc.SetOwner(part.Handle, stat.User, stat.Group) != 0)
                || FileLibc.SetMode(part.Handle, isMove ? stat.Permissions : stat.Permissions & 0x1ff) != 0
                || !FolderHandle.SetTimes(part.Handle, new FileTime(stat.AccessedSeconds, (int)stat.AccessedNanoseconds), stat.Modified)
                || !part.Commit(flush: true, replace))
            {
                throw failures.Last(Action, newPath);
            }
        }
        catch (PartFailedException e)
        {
            throw failures.Make(e.Error, Action, newPath);
        }
    }

    private void CopyContent(SafeFileHandle source, SafeFileHandle target, string path, string newPath)
    {
        foreach (FileExtent extent in FileExtent.Of(source))
        {
            for (long offset = extent.Offset; !extent.IsHole && offset < extent.End;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count;
                try
                {
                    count = RandomAccess.Read(source, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, extent.End - offset)), offset);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw failures.Wrap(e, Action, path);
                }

                if (count == 0)
                {
                    throw failures.Problem(Action, path, "it was truncated meanwhile.");
                }

                try
                {
                    RandomAccess.Write(target, _buffer.AsSpan(0, count), offset);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw failures.Wrap(e, Action, newPath);
                }

                offset += count;
            }

            if (extent.IsHole)
            {
                RandomAccess.SetLength(target, extent.End);
            }
        }
    }

    private void CopyLink(FolderHandle from, byte[] name, string path, in RawStat stat, FolderHandle to, byte[] newName, string newPath)
    {
        byte[] target = [.. from.ReadLink(name) ?? throw failures.Last(Action, path), 0];
        FolderHandles.MakeLink(to, newName, target, replace, () => failures.Last(Action, newPath));
        if ((isMove && !to.SetOwner(newName, stat.User, stat.Group)) || !to.SetTimes(newName, stat.Modified, stat.Modified))
        {
            throw failures.Last(Action, newPath);
        }
    }

    private void CopyFolder(
        FolderHandle from, byte[] name, string path, in RawStat stat, FolderHandle to, byte[] newName, string newPath, int depth)
    {
        if (depth == TreeWalk.MaxDepth)
        {
            throw failures.Problem(Action, path, $"it is more than {TreeWalk.MaxDepth} folders deep.");
        }

        using FolderHandle source = from.OpenFolder(name) ?? throw failures.Last(Action, path);
        if (!to.MakeFolder(newName, 0x1c0 /* rwx------ */) && Marshal.GetLastPInvokeError() != FileLibc.Exists)
        {
            throw failures.Last(Action, newPath);
        }

        using FolderHandle target = to.OpenFolder(newName) ?? throw failures.Last(Action, newPath);
        foreach (byte[] entry in source.Names().Failing(e => failures.Make(e.Error, Action, path)))
        {
            Copy(source, entry, FileStats.Join(path, entry), target, entry, FileStats.Join(newPath, entry), depth + 1);
        }

        if ((isMove && !target.SetOwnerSelf(stat.User, stat.Group))
            || !target.SetModeSelf(stat.Permissions)
            || !target.SetTimesSelf(stat.Modified, stat.Modified))
        {
            throw failures.Last(Action, newPath);
        }
    }

    private void RefuseIntoItself(string from, string to)
    {
        if (FileLibc.RealPath(PathBytes.ToTerminated(from)) is { } source
            && FileLibc.RealPath(PathBytes.ToTerminated(FolderHandle.Split(to).Parent)) is { } target)
        {
            string sourcePath = PathBytes.OfTerminated(source);
            string targetPath = PathBytes.OfTerminated(target);
            if ((targetPath + "/").StartsWith(sourcePath.TrimEnd('/') + "/", StringComparison.Ordinal)
                && FolderHandle.TryStat(from, followLinks: false, out RawStat stat) && stat.Kind == FileKind.Folder)
            {
                throw failures.Problem(Action, from, $"'{PathBytes.Display(to)}' is within it.");
            }
        }
    }
}
