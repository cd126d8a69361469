using System.Runtime.CompilerServices;
using Microsoft.Extensions.FileSystemGlobbing;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Files;

/// <summary>What there is.</summary>
internal sealed partial class FilesService
{
    public Task<FileStat> StatAsync(string path, bool followLinks = true, CancellationToken cancellationToken = default) =>
        Task.FromResult(Find(path, followLinks) ?? throw MissingOrLast("look at", path));

    public Task<FileStat?> FindAsync(string path, bool followLinks = true, CancellationToken cancellationToken = default) =>
        Task.FromResult(Find(path, followLinks));

    public Task<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) => Task.FromResult(Find(path, followLinks: true) is not null);

    public Task<string> ResolveAsync(string path, CancellationToken cancellationToken = default) => Task.FromResult(
        FileLibc.RealPath(PathBytes.ToTerminated(path)) is { } resolved ? PathBytes.OfTerminated(resolved) : throw MissingOrLast("resolve", path));

    public async IAsyncEnumerable<FileStat> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using FolderHandle folder = FolderHandle.Open(path) ?? throw _failures.Last("list", path);
        FileStats stats = new();
        foreach (byte[] name in folder.Names().Failing(e => _failures.Make(e.Error, "list", path)))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // One that has gone meanwhile is not there.
            if (folder.TryStat(name, out RawStat stat))
            {
                yield return stats.Of(FileStats.Join(path, name), stat, () => folder.ReadLink(name));
            }
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public async IAsyncEnumerable<WalkEntry> WalkAsync(
        string path, WalkOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new WalkOptions();
        _ = InRange(options.MaxDepth, 1, TreeWalk.MaxDepth, nameof(WalkOptions.MaxDepth));
        _ = AtLeast(options.MaxEntries, 0, nameof(WalkOptions.MaxEntries));
        long left = options.MaxEntries;
        foreach (WalkEntry entry in TreeWalk.Run(path, options, _failures))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (left-- == 0)
            {
                throw _failures.Problem("walk through", path, $"it has more than {options.MaxEntries} entries (WalkOptions.MaxEntries).");
            }

            yield return entry;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public async IAsyncEnumerable<string> GlobAsync(
        string path, IReadOnlyList<string> patterns, GlobOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new GlobOptions();
        _ = InRange(options.MaxDepth, 1, TreeWalk.MaxDepth, nameof(GlobOptions.MaxDepth));
        Matcher matcher = new(options.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        matcher.AddExcludePatterns(options.Exclude);
        GlobSearch search = new(path, options, _failures, cancellationToken);
        foreach (FilePatternMatch match in matcher.Execute(search.Root).Files)
        {
            yield return $"{path.TrimEnd('/')}/{match.Path}";
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public unsafe Task<VolumeSpace> GetSpaceAsync(string path, CancellationToken cancellationToken = default)
    {
        // bsize, frsize, blocks, bfree, bavail, files, ffree, ... in 64 bits, and room for the rest.
        ulong* stat = stackalloc ulong[32];
        if (FileLibc.VolumeStat(PathBytes.ToTerminated(path), stat) != 0)
        {
            throw MissingOrLast("look at the file system of", path);
        }

        ulong block = stat[1];
        return Task.FromResult(new VolumeSpace(
            (long)(stat[2] * block), (long)(stat[3] * block), (long)(stat[4] * block), (long)stat[5], (long)stat[6]));
    }

    private FileStat? Find(string path, bool followLinks)
    {
        if (FolderHandle.TryStat(path, followLinks, out RawStat stat))
        {
            return new FileStats().Of(path, stat, () => FolderHandle.ReadLink(path));
        }

        return IsMissing() ? null : throw _failures.Last("look at", path);
    }
}
