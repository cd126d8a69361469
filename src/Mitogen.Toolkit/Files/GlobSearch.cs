using Microsoft.Extensions.FileSystemGlobbing.Abstractions;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>
/// The folders of a context as the library of patterns sees them. The library's own view loses names that are not UTF-8, follows links to folders,
/// and has no bounds.
/// </summary>
internal sealed class GlobSearch(string path, GlobOptions options, FileFailures failures, CancellationToken cancellationToken)
{
    private long _looked;

    public DirectoryInfoBase Root => new GlobFolder(this, path, "", null, 1);

    private IEnumerable<FileSystemInfoBase> Enumerate(GlobFolder parent, string folderPath, int depth)
    {
        using FolderHandle folder = FolderHandle.Open(folderPath) ?? throw failures.Last("search", folderPath);
        foreach (byte[] name in folder.Names().Failing(e => failures.Make(e.Error, "search", folderPath)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++_looked > options.MaxEntries)
            {
                throw failures.Problem("search", path, $"it has more than {options.MaxEntries} entries (GlobOptions.MaxEntries).");
            }

            if (!folder.TryStat(name, out RawStat stat))
            {
                continue;
            }

            string entry = FileStats.Join(folderPath, name);
            if (stat.Kind != FileKind.Folder)
            {
                yield return new GlobFile(entry, PathBytes.OfTerminated(name), parent);
            }
            else if (depth < options.MaxDepth)
            {
                yield return new GlobFolder(this, entry, PathBytes.OfTerminated(name), parent, depth + 1);
            }
            else
            {
                throw failures.Problem("search", entry, $"it is more than {options.MaxDepth} folders deep (GlobOptions.MaxDepth).");
            }
        }
    }

    private sealed class GlobFolder(GlobSearch search, string fullName, string name, DirectoryInfoBase? parent, int depth) : DirectoryInfoBase
    {
        public override string Name => name;

        public override string FullName => fullName;

        public override DirectoryInfoBase? ParentDirectory => parent;

        public override IEnumerable<FileSystemInfoBase> EnumerateFileSystemInfos() => search.Enumerate(this, fullName, depth);

        public override DirectoryInfoBase GetDirectory(string path) => path == ".."
            ? throw new ArgumentException("A pattern leads out of the folder that is searched.", nameof(path))
            : new GlobFolder(search, $"{fullName}/{path}", path, this, depth + 1);

        public override FileInfoBase GetFile(string path) => new GlobFile($"{fullName}/{path}", path, this);
    }

    private sealed class GlobFile(string fullName, string name, DirectoryInfoBase parent) : FileInfoBase
    {
        public override string Name => name;

        public override string FullName => fullName;

        public override DirectoryInfoBase? ParentDirectory => parent;
    }
}
