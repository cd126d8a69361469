using System.Collections.Concurrent;

namespace Mitogen.Import;

/// <summary>Answers from this process's files. Each file is read and compressed once, whatever the number of children.</summary>
internal sealed class LoadedAssemblyProvider(AssemblyClosure closure) : IAssemblyProvider
{
    private readonly ConcurrentDictionary<string, Lazy<CompressedAssembly>> _compressed = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Names => closure.Files.Keys;

    public IReadOnlyList<string> SentAhead => closure.Assemblies;

    public ValueTask<CompressedAssembly?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(closure.Files.TryGetValue(name, out string? path) ? Compress(name, path) : null);
    }

    private CompressedAssembly Compress(string name, string path) =>
        _compressed.GetOrAdd(name, static (key, file) => new(() => CompressedAssembly.Compress(key, File.ReadAllBytes(file))), path).Value;
}
