using Mitogen.Toolkit.Files;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Transfers;

/// <summary>What a walk through the source came to.</summary>
/// <param name="Kind">The entry, or that a folder is complete.</param>
/// <param name="Name">Its name without a zero; empty for the top.</param>
/// <param name="Path">Its path.</param>
/// <param name="Stat">Its state.</param>
/// <param name="Target">Where a link leads, without a zero.</param>
internal readonly record struct SourceEntry(WireOffer Kind, ReadOnlyMemory<byte> Name, string Path, RawStat Stat, byte[]? Target);

/// <summary>The walk through the source: each folder before what is in it, and its end after that.</summary>
internal sealed class SourceTree(string path, SourceSettings settings, FileFailures failures)
{
    private const string Action = "send";

    private long _entries;

    public IEnumerable<SourceEntry> Walk()
    {
        // What the user named is what is meant, also through a link.
        if (!FolderHandle.TryStat(path, followLinks: true, out RawStat top))
        {
            throw failures.Last(Action, path);
        }

        if (top.Kind == FileKind.File)
        {
            yield return new SourceEntry(WireOffer.File, default, path, top, null);
            yield break;
        }

        if (top.Kind != FileKind.Folder)
        {
            throw Unsendable(path, top.Kind);
        }

        yield return new SourceEntry(WireOffer.Folder, default, path, top, null);
        Stack<(FolderHandle Folder, IEnumerator<byte[]> Names, string Path)> open = [];
        try
        {
            Open(FolderHandle.Open(path), path, open);
            while (open.TryPeek(out (FolderHandle Folder, IEnumerator<byte[]> Names, string Path) level))
            {
                if (!level.Names.MoveNext())
                {
                    _ = open.Pop();
                    level.Names.Dispose();
                    level.Folder.Dispose();
                    yield return new SourceEntry(WireOffer.Leave, default, level.Path, default, null);
                }
                else if (Look(level.Folder, level.Names.Current, level.Path) is { } entry)
                {
                    if (entry.Kind == WireOffer.Folder)
                    {
                        Open(level.Folder.OpenFolder(level.Names.Current), entry.Path, open);
                    }

                    yield return entry;
                }
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

    private SourceEntry? Look(FolderHandle folder, byte[] name, string folderPath)
    {
        ReadOnlyMemory<byte> plain = name.AsMemory(..^1);
        if (PartFile.IsPart(plain.Span))
        {
            return null; // of a transfer to here that broke off
        }

        string entryPath = FileStats.Join(folderPath, name);
        if (++_entries > settings.MaxEntries)
        {
            throw failures.Problem(Action, path, $"it has more than {settings.MaxEntries} entries (TransferOptions.MaxEntries).");
        }

        if (!folder.TryStat(name, out RawStat stat))
        {
            throw failures.Last(Action, entryPath);
        }

        switch (stat.Kind)
        {
            case FileKind.File:
                return new SourceEntry(WireOffer.File, plain, entryPath, stat, null);
            case FileKind.Folder:
                return new SourceEntry(WireOffer.Folder, plain, entryPath, stat, null);
            case FileKind.SymbolicLink when settings.Links == TransferLinks.Skip:
                return null;
            case FileKind.SymbolicLink when settings.Links == TransferLinks.Copy:
                return new SourceEntry(WireOffer.Link, plain, entryPath, stat, folder.ReadLink(name) ?? throw failures.Last(Action, entryPath));
            default:
                throw Unsendable(entryPath, stat.Kind);
        }
    }

    private void Open(FolderHandle? folder, string folderPath, Stack<(FolderHandle Folder, IEnumerator<byte[]> Names, string Path)> open)
    {
        if (folder is null)
        {
            throw failures.Last(Action, folderPath);
        }

        if (open.Count == settings.MaxDepth)
        {
            folder.Dispose();
            throw failures.Problem(Action, folderPath, $"it is more than {settings.MaxDepth} folders deep (TransferOptions.MaxDepth).");
        }

        open.Push((folder, folder.Names().Failing(e => failures.Make(e.Error, Action, folderPath)).GetEnumerator(), folderPath));
    }

    private IOException Unsendable(string entryPath, FileKind kind) => failures.Problem(
        Action,
        entryPath,
        kind == FileKind.SymbolicLink ? "it is a symbolic link (TransferOptions.Links)." : $"it is no file, folder or symbolic link ({kind}).");
}
