using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Mitogen.Import;

namespace Mitogen.Executables;

/// <summary>The program that this process runs, as its children need it: the staged set, the roots of its catalog, its assemblies.</summary>
internal sealed class Program
{
    private readonly Lazy<IAssemblyProvider> _assemblies;

    // In a started context the catalog is filled after this is made.
    private readonly Func<IReadOnlyList<string>> _roots;

    /// <summary>In a process that has the application's files.</summary>
    /// <param name="catalog">The program's contracts and services.</param>
    /// <param name="above">The parent's executables; <see langword="null"/> in a root.</param>
    public Program(RemoteCatalog catalog, ParentExecutables? above = null)
    {
        Executables = NativeExecutables.OfProcess(catalog, above);
        Staged = HasAssemblies ? StagedSet.Find(System.IO.Path.Combine(AppContext.BaseDirectory, StagedSet.FolderName)) : null;
        _roots = () => [.. catalog.Roots.Select(NameOf)];
        _assemblies = new Lazy<IAssemblyProvider>(() => HasAssemblies
            ? new LoadedAssemblyProvider(AssemblyClosure.Compute(catalog.Roots, Staged?.Assemblies ?? []))
            : throw new InvalidOperationException("Native code has no assemblies to send."));
    }

    /// <summary>In a context that was started with the staged set alone.</summary>
    public Program(
        RemoteCatalog catalog, ParentExecutables above, StagedSet staged, IReadOnlyList<string> roots, IAssemblyProvider assemblies)
    {
        Executables = NativeExecutables.OfProcess(catalog, above);
        Staged = staged;
        _roots = () => roots;
        _assemblies = new Lazy<IAssemblyProvider>(assemblies);
    }

    /// <summary>
    /// Whether this process runs assemblies, which managed contexts can be sent. The compiler of native code takes such a guard for false, and what
    /// only a true one leads to stays out of the executable. <see cref="RuntimeFeature.IsDynamicCodeSupported"/> does not tell: it is false in a
    /// process that runs assemblies as well, if its project has PublishAot (as every program of one file does). The host gives this list to each
    /// process that runs on it, and native code has no host.
    /// </summary>
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
    [UnconditionalSuppressMessage("AOT", "IL4000", Justification = "The compiler of native code does not ask the property.")]
    public static bool HasAssemblies => HostProperties.TrustedAssemblies is not null;

    public StagedSet? Staged { get; }

    /// <summary>The program as native executables.</summary>
    public NativeExecutables Executables { get; }

    /// <summary>The full names of the assemblies whose module initializers fill the catalog.</summary>
    public IReadOnlyList<string> Roots => _roots();

    /// <summary>
    /// The assemblies that children may import. Found out when they are first wanted: it reads every assembly's references.
    /// </summary>
    public IAssemblyProvider Assemblies => _assemblies.Value;

    private static string NameOf(Assembly assembly) => assembly.FullName ?? throw new InvalidOperationException("A catalog's root assembly has no name.");
}
