using Mitogen.Toolkit.Files;

namespace Mitogen.Toolkit.Transfers;

/// <summary>
/// A folder that is filled. It has its permissions and times last, when all that was offered for it is there: until then somebody else's or a closed
/// one could not be filled, and what is made in it changes its times. For one thread at a time.
/// </summary>
internal sealed class SinkFolder(SinkFolder? parent, byte[] name, string path, EntryState state, SinkFolders folders)
{
    private FolderHandle? _handle;

    /// <summary>The folder above; <see langword="null"/> for the one that the top is in.</summary>
    public SinkFolder? Parent => parent;

    /// <summary>The way from the top, for people; empty for the top itself.</summary>
    public string Path => path;

    public EntryState State => state;

    /// <summary>Whether it is only thought of, in a dry run.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>The permissions that it gets back, if it was closed to its own user and was opened to be filled.</summary>
    public uint? ClosedMode { get; set; }

    /// <summary>What is not there yet: files, folders, and further offers.</summary>
    public int Missing { get; set; } = 1;

    /// <summary>The names that were offered, if others are deleted.</summary>
    public HashSet<string>? Offered { get; init; }

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>The open folder. Which ones are open is bounded: it may be opened anew, from the one above, never through a link.</summary>
    /// <returns>It; <see langword="null"/> if it cannot be opened: the error is the last one of P/Invoke.</returns>
    public FolderHandle? Open()
    {
        if (_handle is null)
        {
            FolderHandle? above = parent?.Open();
            if (above is null)
            {
                return null;
            }

            _handle = above.OpenFolder(name);
            if (_handle is not null)
            {
                folders.Opened(this);
            }
        }

        return _handle;
    }

    /// <summary>The folder that the top is in, which stays open.</summary>
    public void Hold(FolderHandle handle) => _handle = handle;

    public void Close()
    {
        _handle?.Dispose();
        _handle = null;
    }

    public string At(ReadOnlySpan<byte> entry) =>
        path.Length == 0 ? PathBytes.Decode(entry) : entry.IsEmpty ? path : $"{path}/{PathBytes.Decode(entry)}";
}

/// <summary>The folders that are open at once: the last ones that were used.</summary>
internal sealed class SinkFolders : IDisposable
{
    private const int MaxOpen = 64;

    private readonly LinkedList<SinkFolder> _open = new();

    public void Opened(SinkFolder folder)
    {
        _ = _open.AddLast(folder);
        if (_open.Count > MaxOpen)
        {
            SinkFolder oldest = _open.First!.Value;
            _open.RemoveFirst();
            oldest.Close();
        }
    }

    public void Closed(SinkFolder folder)
    {
        _ = _open.Remove(folder);
        folder.Close();
    }

    public void Dispose()
    {
        foreach (SinkFolder folder in _open)
        {
            folder.Close();
        }

        _open.Clear();
    }
}
