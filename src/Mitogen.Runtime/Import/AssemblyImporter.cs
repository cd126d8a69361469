using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Mitogen.Import;

/// <summary>Loads into the default load context, on demand, the assemblies that the parent has and this context lacks.</summary>
/// <remarks>
/// The runtime calls <see cref="Resolve"/> on whatever thread first needs an assembly, many at once. That thread blocks until
/// the assembly is there; threads that want the same one join it. A thread that completes replies must never come here.
/// </remarks>
internal sealed class AssemblyImporter : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Assembly?>> _assemblies = new(StringComparer.OrdinalIgnoreCase);
    private readonly ImportedAssemblyProvider _provider;

    internal AssemblyImporter(ImportedAssemblyProvider provider)
    {
        _provider = provider;
        AssemblyLoadContext.Default.Resolving += Resolve;
    }

    public void Dispose() => AssemblyLoadContext.Default.Resolving -= Resolve;

    private Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        // The lock inside Lazy is what joins the threads. It is not held in a cycle: loading an assembly runs none of its code.
        return _assemblies.GetOrAdd(AssemblyKey.Of(name), static (key, importer) => new(() => importer.Load(key)), this).Value;
    }

    // Task.GetResult waits on a plain event that the completing thread sets itself, so no pool thread is needed.
    private Assembly? Load(string key) =>
        _provider.Find(key).GetAwaiter().GetResult() is { } assembly ? AssemblyImage.Load(key, assembly.Decompress()) : null;
}
