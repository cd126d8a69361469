namespace Mitogen.Toolkit.Files;

/// <summary>Rings when something happens to a file, and at intervals, for file systems that do not tell of it.</summary>
internal sealed class FileBell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly TimeSpan _interval;
    private readonly FileSystemWatcher? _watcher;

    public FileBell(string path, TimeSpan interval)
    {
        _interval = interval;
        (string folder, string name) = FolderHandle.Split(path);
        try
        {
            _watcher = new FileSystemWatcher(folder, name)
            {
                NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size | NotifyFilters.CreationTime,
            };
            _watcher.Changed += (_, _) => Ring();
            _watcher.Created += (_, _) => Ring();
            _watcher.Deleted += (_, _) => Ring();
            _watcher.Renamed += (_, _) => Ring();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The user watches too much already, or the folder's name is not UTF-8: the interval alone it is.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _rung.WaitAsync(_interval, cancellationToken);

    public void Dispose()
    {
        _watcher?.Dispose();
        _rung.Dispose();
    }

    private void Ring()
    {
        try
        {
            _ = _rung.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It has rung already, or an event came late.
        }
    }
}
