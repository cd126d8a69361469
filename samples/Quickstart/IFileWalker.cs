using Mitogen;

namespace Quickstart;

/// <summary>Looks at files, wherever it runs.</summary>
[Remote]
public interface IFileWalker
{
    /// <summary>Walks a folder and everything below it.</summary>
    Task<WalkResult> WalkAsync(string path, int largest, CancellationToken cancellationToken = default);
}

/// <summary>A file and its size in bytes.</summary>
public sealed record FoundFile(string Path, long Size);

/// <summary>What a walk found.</summary>
public sealed record WalkResult(long Files, long Bytes, List<FoundFile> Largest, List<string> Unreadable);
