using Mitogen.Import;

namespace Mitogen.Starting;

/// <summary>
/// The imports of a context while it starts: each request tells that the bytes before it have arrived, and each answer is on its way for a
/// time.
/// </summary>
internal sealed class WatchedAssemblies(IAssemblyProvider assemblies, StartWatch watch) : IAssemblyProvider
{
    public IReadOnlyCollection<string> Names => assemblies.Names;

    public IReadOnlyList<string> SentAhead => assemblies.SentAhead;

    public async ValueTask<CompressedAssembly?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        watch.Hear();
        CompressedAssembly? found = await assemblies.FindAsync(name, cancellationToken).ConfigureAwait(false);
        watch.Take(found?.Bytes.Length ?? 0);
        return found;
    }
}
