using System.Runtime.CompilerServices;
using Microsoft.Extensions.FileSystemGlobbing;
using Mitogen.Testing.Files;
using Mitogen.Toolkit;

namespace Mitogen.Testing;

/// <summary>Entries.</summary>
public sealed partial class FakeFiles
{
    /// <inheritdoc/>
    public Task<FileStat> StatAsync(string path, bool followLinks = true, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult(Get(path, "look at", followLinks).Stat(path));
        }
    }

    /// <inheritdoc/>
    public Task<FileStat?> FindAsync(string path, bool followLinks = true, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult(Find(path, followLinks)?.Stat(path));
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
        await FindAsync(path, followLinks: true, cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public Task<string> ResolveAsync(string path, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            FakeEntry wanted = Get(path, "resolve");
            return Task.FromResult(PathOf(_root, "/", wanted) ?? throw NotFound("resolve", path));
        }

        static string? PathOf(FakeEntry entry, string path, FakeEntry wanted) => entry == wanted
            ? path
            : entry.Children.Select(child => PathOf(child.Value, Join(path, child.Key), wanted)).FirstOrDefault(found => found is not null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FileStat> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<FileStat> entries;
        lock (_lock)
        {
            entries = [.. GetFolder(path, "list").Children.Select(child => child.Value.Stat(Join(path, child.Key)))];
        }

        foreach (FileStat entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WalkEntry> WalkAsync(
        string path, WalkOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new WalkOptions();
        List<WalkEntry> entries = [];
        lock (_lock)
        {
            Walk(GetFolder(path, "walk through"), path, 1, options.MaxDepth, entries);
        }

        for (int i = 0; i < entries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return i < options.MaxEntries
                ? entries[i]
                : throw Problem("walk through", path, $"it has more than {options.MaxEntries} entries (WalkOptions.MaxEntries).");
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> GlobAsync(
        string path,
        IReadOnlyList<string> patterns,
        GlobOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new GlobOptions();
        Matcher matcher = new(options.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        matcher.AddExcludePatterns(options.Exclude);
        List<WalkEntry> entries = [];
        lock (_lock)
        {
            Walk(GetFolder(path, "search"), "", 1, options.MaxDepth, entries);
        }

        if (entries.Count > options.MaxEntries)
        {
            throw Problem("search", path, $"it has more than {options.MaxEntries} entries (GlobOptions.MaxEntries).");
        }

        foreach (FilePatternMatch match in matcher.Match(entries.Where(e => e.Stat!.Kind != FileKind.Folder).Select(e => e.Path.TrimStart('/'))).Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Join(path, match.Path);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task CopyAsync(string from, string to, bool replace = true, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            FakeEntry source = Get(from, "copy", followLinks: false);
            if (source.Contains(GetParent(to, "copy")))
            {
                throw Problem("copy", from, $"'{to}' is within it.");
            }

            Merge(source.Copy(() => ++_inode), to, replace);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MoveAsync(string from, string to, bool replace = false, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            FakeEntry entry = Get(from, "move", followLinks: false);
            FakeEntry folder = GetParent(to, "move");
            FakeEntry? present = Find(to, followLinks: false);
            if (present is not null && !replace)
            {
                throw Problem("move", to, "File exists.");
            }

            if (entry.Contains(folder))
            {
                throw Problem("move", from, $"'{to}' is within it.");
            }

            // Two names of one file both stay, as a machine leaves them.
            if (present == entry)
            {
                return Task.CompletedTask;
            }

            if (present is not null)
            {
                CheckReplacement(entry, present, to);
                present.Links--;
            }

            _ = GetParent(from, "move").Children.Remove(Split(from).Name);
            folder.Children[Split(to).Name] = entry;
            Tell(FileChangeKind.Renamed, to, from);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Find(path, followLinks: false) is not { } entry)
            {
                return Task.FromResult(false);
            }

            if (entry.Children.Count > 0 && !recursive)
            {
                throw Problem("delete", path, "Directory not empty. Delete it recursively if all that is in it is to go.");
            }

            entry.Links--;
            _ = GetParent(path, "delete").Children.Remove(Split(path).Name);
            Tell(FileChangeKind.Deleted, path);
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<bool> CreateFolderAsync(string path, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            bool isMade = MakeFolders(path);
            if (isMade && mode is { } permissions)
            {
                GetFolder(path, "make the folder").Mode = permissions;
            }

            return Task.FromResult(isMade);
        }
    }

    /// <inheritdoc/>
    public Task CreateLinkAsync(string path, string target, bool replace = false, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Find(path, followLinks: false) is { } present)
            {
                if (!replace || present.Kind == FileKind.Folder)
                {
                    throw Problem("make the link", path, "File exists.");
                }

                _ = GetParent(path, "make the link").Children.Remove(Split(path).Name);
            }

            _ = Make(path, "make the link", FileKind.SymbolicLink, 0x1ff, target);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CreateHardLinkAsync(string path, string existing, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            FakeEntry entry = Get(existing, "give another name to", followLinks: false);
            if (entry.Kind == FileKind.Folder || Find(path, followLinks: false) is not null)
            {
                throw Problem("make the link", path, entry.Kind == FileKind.Folder ? "a folder has one name." : "File exists.");
            }

            GetParent(path, "make the link").Children.Add(Split(path).Name, entry);
            entry.Links++;
            Tell(FileChangeKind.Created, path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SetModeAsync(string path, UnixFileMode mode, CancellationToken cancellationToken = default) =>
        Set(path, "set the permissions of", followLinks: true, entry => entry.Mode = mode);

    /// <inheritdoc/>
    public Task SetOwnerAsync(
        string path, string? user = null, string? group = null, bool followLinks = true, CancellationToken cancellationToken = default) =>
        Set(path, "set the owner of", followLinks, entry =>
        {
            entry.User = user is null ? entry.User : Account(user);
            entry.Group = group is null ? entry.Group : Account(group);
        });

    /// <inheritdoc/>
    public Task TouchAsync(string path, FileTime? modified = null, FileTime? accessed = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Find(path, followLinks: true) is null)
            {
                _ = Make(path, "set the times of", FileKind.File, FileMode);
            }
        }

        return Set(path, "set the times of", followLinks: true, entry =>
        {
            entry.Modified = modified ?? FileTime.Now;
            entry.Accessed = accessed ?? entry.Modified;
        });
    }

    /// <inheritdoc/>
    public Task<string> CreateTemporaryFileAsync(string? folder = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            string path = TemporaryPath(folder);
            _ = Make(path, "make", FileKind.File, 0x180);
            return Task.FromResult(path);
        }
    }

    /// <inheritdoc/>
    public Task<string> CreateTemporaryFolderAsync(string? folder = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            string path = TemporaryPath(folder);
            _ = Make(path, "make", FileKind.Folder, 0x1c0);
            return Task.FromResult(path);
        }
    }

    /// <inheritdoc/>
    public Task<VolumeSpace> GetSpaceAsync(string path, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            _ = Get(path, "look at the file system of");
            return Task.FromResult(new VolumeSpace(1L << 40, 1L << 39, 1L << 39, 0, 0));
        }
    }

    private static void Walk(FakeEntry folder, string path, int depth, int maxDepth, List<WalkEntry> entries)
    {
        foreach ((string name, FakeEntry child) in folder.Children)
        {
            string childPath = Join(path, name);
            entries.Add(new WalkEntry(childPath, depth, child.Stat(childPath), null));
            if (depth < maxDepth)
            {
                Walk(child, childPath, depth + 1, maxDepth, entries);
            }
        }
    }

    private string TemporaryPath(string? folder)
    {
        folder ??= "/tmp";
        _ = MakeFolders(folder);
        return Join(folder, $"mitogen-files-{++_temporary}");
    }

    private void Merge(FakeEntry entry, string path, bool replace)
    {
        FakeEntry? present = Find(path, followLinks: false);
        if (present is { Kind: FileKind.Folder } && entry.Kind == FileKind.Folder)
        {
            foreach ((string name, FakeEntry child) in entry.Children)
            {
                Merge(child, Join(path, name), replace);
            }

            return;
        }

        if (present is not null && (!replace || present.Kind == FileKind.Folder || entry.Kind == FileKind.Folder))
        {
            throw Problem("copy", path, "File exists.");
        }

        GetParent(path, "copy").Children[Split(path).Name] = entry;
        if (present is not null)
        {
            present.Links--;
        }

        Tell(present is null ? FileChangeKind.Created : FileChangeKind.Modified, path);
    }

    private static void CheckReplacement(FakeEntry entry, FakeEntry present, string path)
    {
        if (entry.Kind == FileKind.Folder && present.Kind != FileKind.Folder)
        {
            throw new DirectoryNotFoundException($"Cannot move '{PathBytes.Display(path)}' in memory: Not a directory.");
        }

        if (entry.Kind != FileKind.Folder && present.Kind == FileKind.Folder)
        {
            throw Problem("move", path, "Is a directory.");
        }

        if (present.Children.Count > 0)
        {
            throw Problem("move", path, "Directory not empty.");
        }
    }

    private Task Set(string path, string action, bool followLinks, Action<FakeEntry> set)
    {
        lock (_lock)
        {
            FakeEntry entry = Get(path, action, followLinks);
            set(entry);
            entry.Changed = FileTime.Now;
            Tell(FileChangeKind.Modified, path);
        }

        return Task.CompletedTask;
    }
}
