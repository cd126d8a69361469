using Mitogen;

namespace Quickstart;

/// <summary>Runs in the context that is asked; it is ordinary code.</summary>
[RemoteService]
internal sealed class FileWalker : IFileWalker
{
    private static readonly EnumerationOptions s_allButLinks = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    public Task<WalkResult> WalkAsync(string path, int largest, CancellationToken cancellationToken) =>
        Task.Run(() => Walk(path, largest, cancellationToken), cancellationToken);

    private static WalkResult Walk(string path, int largest, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"There is no folder {path}.");
        }

        long files = 0;
        long bytes = 0;
        PriorityQueue<FoundFile, long> top = new();
        List<string> unreadable = [];
        Stack<DirectoryInfo> folders = new([new DirectoryInfo(path)]);
        while (folders.TryPop(out DirectoryInfo? folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", s_allButLinks))
                {
                    if (entry is DirectoryInfo below)
                    {
                        folders.Push(below);
                    }
                    else if (entry is FileInfo { Exists: true } file)
                    {
                        files++;
                        bytes += file.Length;
                        top.Enqueue(new FoundFile(file.FullName, file.Length), file.Length);
                        if (top.Count > largest)
                        {
                            top.Dequeue();
                        }
                    }
                }
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                unreadable.Add($"{folder.FullName}: {e.Message}");
            }
        }

        return new WalkResult(files, bytes, [.. top.UnorderedItems.Select(i => i.Element).OrderByDescending(f => f.Size)], unreadable);
    }
}
