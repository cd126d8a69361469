using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Mitogen.Toolkit.Files;

/// <summary>What happens from now on.</summary>
internal sealed partial class FilesService
{
    public async IAsyncEnumerable<string> FollowAsync(
        string path, FollowOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new FollowOptions();
        _ = AtLeast(options.Lines, 0, nameof(FollowOptions.Lines));
        int maxLine = InRange(options.MaxLineBytes, 1, MaxWhole, nameof(FollowOptions.MaxLineBytes));
        if (options.Interval < TimeSpan.FromMilliseconds(10) || options.Interval > TimeSpan.FromHours(1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Interval, "FollowOptions.Interval is from 10 milliseconds to 1 hour.");
        }

        // Before the file is opened, so that nothing is missed between.
        using FileBell bell = new(path, options.Interval);
        using FollowedFile followed = new(path, maxLine, _failures);
        SafeFileHandle? file = TryOpenFollowed(path, options.MayBeMissing);
        if (file is not null)
        {
            followed.Take(file);
            (List<string> last, long end) = ReadTail(file, options.Lines, new FileReadOptions().MaxBytes, path, cancellationToken);
            bool isOpen = end < RandomAccess.GetLength(file) && last.Count > 0;
            foreach (string line in isOpen ? last[..^1] : last)
            {
                yield return line;
            }

            followed.Begin(end);
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (followed.TryRead(out string? line))
            {
                yield return line;
            }

            // The old file was read to its end before its successor is looked for, and once more after it was found.
            if (followed.IsReplaced() && TryOpenFollowed(path, mayBeMissing: true) is { } next)
            {
                followed.Take(next);
                while (followed.TryRead(out string? line))
                {
                    yield return line;
                }

                if (followed.Rest() is { } rest)
                {
                    yield return rest;
                }

                followed.Begin(0);
                continue;
            }

            await bell.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async IAsyncEnumerable<FileChange> WatchAsync(
        string path, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new WatchOptions();
        int maxPending = InRange(options.MaxPending, 1, 1_000_000, nameof(WatchOptions.MaxPending));
        FileStat folder = Find(path, followLinks: true) ?? throw MissingOrLast("watch", path);
        if (folder.Kind != FileKind.Folder)
        {
            throw _failures.Problem("watch", path, "it is no folder. Watch the one that it is in, with WatchOptions.Pattern.");
        }

        FileChangeQueue queue = new(path, maxPending);
        using FileSystemWatcher watcher = queue.Watch(options, _failures);
        await foreach (FileChange change in queue.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return change;
        }
    }

    private SafeFileHandle? TryOpenFollowed(string path, bool mayBeMissing)
    {
        if (mayBeMissing && !FolderHandle.TryStat(path, followLinks: true, out _) && IsMissing())
        {
            return null;
        }

        try
        {
            return OpenForReading(path);
        }
        catch (FileNotFoundException) when (mayBeMissing)
        {
            return null; // it went between the two calls
        }
    }
}
