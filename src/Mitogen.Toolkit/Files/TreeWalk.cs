using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>A walk through a tree of open folders, which no renamed or replaced folder leads out of it.</summary>
internal static class TreeWalk
{
    /// <summary>Each level holds a folder open.</summary>
    public const int MaxDepth = 500;

    public static IEnumerable<WalkEntry> Run(string path, WalkOptions options, FileFailures failures)
    {
        const string Action = "list";
        FileStats stats = new();
        FolderHandle root = FolderHandle.Open(path) ?? throw failures.Last("walk through", path);
        _ = root.TryStatSelf(out RawStat top);
        Stack<(FolderHandle Folder, IEnumerator<byte[]> Names, string Path)> open = [];
        open.Push((root, root.Names().GetEnumerator(), path));
        try
        {
            while (open.TryPeek(out (FolderHandle Folder, IEnumerator<byte[]> Names, string Path) level))
            {
                (byte[]? name, string? problem) = Next(level.Names, level.Path, failures);
                if (name is null)
                {
                    _ = open.Pop();
                    level.Names.Dispose();
                    level.Folder.Dispose();
                    if (problem is not null)
                    {
                        yield return new WalkEntry(level.Path, open.Count, null, problem);
                    }

                    continue;
                }

                string entryPath = FileStats.Join(level.Path, name);
                if (!level.Folder.TryStat(name, out RawStat stat))
                {
                    yield return new WalkEntry(entryPath, open.Count, null, failures.Last("look at", entryPath).Message);
                    continue;
                }

                FileStat entry = stats.Of(entryPath, stat, () => level.Folder.ReadLink(name));
                FolderHandle? folder = null;
                bool isElsewhere = (stat.DeviceMajor, stat.DeviceMinor) != (top.DeviceMajor, top.DeviceMinor);
                if (stat.Kind == FileKind.Folder && open.Count < options.MaxDepth && (options.OtherVolumes || !isElsewhere))
                {
                    folder = level.Folder.OpenFolder(name);
                    problem = folder is null ? failures.Make(Marshal.GetLastPInvokeError(), Action, entryPath).Message : null;
                }

                int depth = open.Count;
                if (folder is not null)
                {
                    open.Push((folder, folder.Names().GetEnumerator(), entryPath));
                }

                yield return new WalkEntry(entryPath, depth, entry, problem);
            }
        }
        finally
        {
            foreach ((FolderHandle folder, IEnumerator<byte[]> names, _) in open)
            {
                names.Dispose();
                folder.Dispose();
            }
        }
    }

    private static (byte[]? Name, string? Problem) Next(IEnumerator<byte[]> names, string path, FileFailures failures)
    {
        try
        {
            return (names.MoveNext() ? names.Current : null, null);
        }
        catch (FolderReadException e)
        {
            return (null, failures.Make(e.Error, "list", path).Message);
        }
    }
}
