using System.Collections.Concurrent;

namespace Mitogen.Import;

/// <summary>
/// Answers from what this context received, else asks its parent: each assembly crosses the link once, however many threads
/// and children want it. The compressed bytes are kept for the context's own children.
/// </summary>
/// <param name="names">The keys that the parent answers for; nothing else is asked.</param>
/// <param name="sentAhead">Those of them that come ahead of the first call.</param>
/// <param name="ask">
/// Asks the parent. Its task must complete on a thread that never loads an assembly by import, and without the help of a pool
/// thread: callers of <see cref="AssemblyImporter"/> block on it, possibly all pool threads at once.
/// </param>
internal sealed class ImportedAssemblyProvider(
    IReadOnlyCollection<string> names, IReadOnlyList<string> sentAhead, Func<string, Task<CompressedAssembly?>> ask) : IAssemblyProvider
{
    private readonly HashSet<string> _names = new(names, StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<Task<CompressedAssembly?>>> _answers = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Names => _names;

    public IReadOnlyList<string> SentAhead { get; } = sentAhead;

    /// <summary>Keeps what was sent ahead. It is loaded when it is needed.</summary>
    internal void Add(IEnumerable<CompressedAssembly> assemblies)
    {
        foreach (CompressedAssembly assembly in assemblies)
        {
            _ = _names.Contains(assembly.Name)
                ? _answers.TryAdd(assembly.Name, new(Task.FromResult<CompressedAssembly?>(assembly)))
                : throw new InvalidDataException($"The parent sent the assembly {assembly.Name}, which is not among those it announced.");
        }
    }

    public ValueTask<CompressedAssembly?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        Task<CompressedAssembly?> answer = Find(name);
        return new(answer.IsCompleted ? answer : answer.WaitAsync(cancellationToken));
    }

    /// <summary>The joined request itself, not wrapped: waiting for it needs no other thread than the one that completes it.</summary>
    internal Task<CompressedAssembly?> Find(string name) =>
        _names.Contains(name)
            ? _answers.GetOrAdd(name, static (key, send) => new(() => send(key)), ask).Value
            : Task.FromResult<CompressedAssembly?>(null);
}
