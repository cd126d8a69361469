using System.Threading.Channels;

namespace Mitogen.Toolkit.Files;

/// <summary>The changes that wait to be read. Where there are too many, the later ones are dropped, and one that says so takes their place.</summary>
internal sealed class FileChangeQueue
{
    private readonly string _path;
    private readonly Channel<FileChange> _changes;
    private int _isLost;

    public FileChangeQueue(string path, int maxPending)
    {
        _path = path;
        _changes = Channel.CreateBounded<FileChange>(maxPending);
    }

    /// <summary>Begins to watch.</summary>
    public FileSystemWatcher Watch(WatchOptions options, FileFailures failures)
    {
        FileSystemWatcher watcher;
        try
        {
            watcher = new FileSystemWatcher(_path, options.Pattern)
            {
                IncludeSubdirectories = options.Recursive,
                InternalBufferSize = 64 * 1024,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size
                    | NotifyFilters.Attributes | NotifyFilters.CreationTime | NotifyFilters.Security,
            };
        }
        catch (ArgumentException e)
        {
            throw failures.Wrap(e, "watch", _path);
        }

        watcher.Created += (_, e) => Add(FileChangeKind.Created, e.FullPath);
        watcher.Changed += (_, e) => Add(FileChangeKind.Modified, e.FullPath);
        watcher.Deleted += (_, e) => Add(FileChangeKind.Deleted, e.FullPath);
        watcher.Renamed += (_, e) => Add(FileChangeKind.Renamed, e.FullPath, e.OldFullPath);
        watcher.Error += (_, _) => Add(FileChangeKind.Lost, _path); // wakes the reader
        try
        {
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            watcher.Dispose();
            throw failures.Wrap(e, "watch", _path);
        }

        return watcher;
    }

    public async IAsyncEnumerable<FileChange> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _changes.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_changes.Reader.TryRead(out FileChange? change))
            {
                yield return change;
            }

            if (Interlocked.Exchange(ref _isLost, 0) != 0)
            {
                yield return new FileChange(FileChangeKind.Lost, _path);
            }
        }
    }

    private void Add(FileChangeKind kind, string path, string? oldPath = null)
    {
        if (!_changes.Writer.TryWrite(new FileChange(kind, path, oldPath)))
        {
            Volatile.Write(ref _isLost, 1);
        }
    }
}
