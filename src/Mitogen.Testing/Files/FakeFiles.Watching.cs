using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mitogen.Testing.Files;
using Mitogen.Toolkit;

namespace Mitogen.Testing;

/// <summary>What happens from now on.</summary>
public sealed partial class FakeFiles
{
    // Guarded by the lock: what each of those is told who watch now.
    private readonly List<ChannelWriter<FileChange>> _watchers = [];

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> FollowAsync(
        string path, FollowOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new FollowOptions();
        Channel<FileChange> changes = Begin(1);
        try
        {
            (FakeEntry? file, byte[] content) = Look(path, options.MayBeMissing);
            int position = Array.LastIndexOf(content, (byte)'\n') + 1;
            foreach (string line in Lines(content[..position]).TakeLast(options.Lines))
            {
                yield return line;
            }

            while (true)
            {
                (FakeEntry? present, content) = Look(path, mayBeMissing: true);
                if (present != file || content.Length < position)
                {
                    (file, position) = (present, 0);
                }

                int end = Array.LastIndexOf(content, (byte)'\n') + 1;
                if (end > position)
                {
                    int start = position;
                    position = end;
                    foreach (string line in Lines(content[start..end]))
                    {
                        yield return line;
                    }
                }

                _ = await changes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            End(changes);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FileChange> WatchAsync(
        string path, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new WatchOptions();
        lock (_lock)
        {
            _ = GetFolder(path, "watch");
        }

        Channel<FileChange> changes = Begin(options.MaxPending);
        try
        {
            await foreach (FileChange change in changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                (string parent, string name) = Split(change.Path);
                bool isWatched = options.Recursive ? Join(parent, "").StartsWith(Join(path, ""), StringComparison.Ordinal) : parent == path.TrimEnd('/');
                if (isWatched && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(options.Pattern, name, ignoreCase: false))
                {
                    yield return change;
                }
            }
        }
        finally
        {
            End(changes);
        }
    }

    private Channel<FileChange> Begin(int capacity)
    {
        Channel<FileChange> changes = Channel.CreateBounded<FileChange>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_lock)
        {
            _watchers.Add(changes.Writer);
        }

        return changes;
    }

    private void End(Channel<FileChange> changes)
    {
        lock (_lock)
        {
            _ = _watchers.Remove(changes.Writer);
        }
    }

    private (FakeEntry? File, byte[] Content) Look(string path, bool mayBeMissing)
    {
        lock (_lock)
        {
            FakeEntry? file = Find(path, followLinks: true);
            return file is null && !mayBeMissing ? throw NotFound("follow", path) : (file, file?.Content ?? []);
        }
    }

    private void Tell(FileChangeKind kind, string path, string? oldPath = null)
    {
        foreach (ChannelWriter<FileChange> watcher in _watchers)
        {
            _ = watcher.TryWrite(new FileChange(kind, path, oldPath));
        }
    }
}
