using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace Mitogen.Import;

/// <summary>Where this process has its assemblies.</summary>
[UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is an error that names the assembly.")]
internal sealed class AssemblyLocator
{
    private readonly Dictionary<string, string> _trusted = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<HashSet<string>> _otherFrameworks;

    internal AssemblyLocator()
    {
        _otherFrameworks = new(() => OtherFrameworks.Find(_trusted, HostProperties.Deps));
        if (HostProperties.TrustedAssemblies is { } trusted)
        {
            foreach (string path in trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                _ = _trusted.TryAdd(Path.GetFileNameWithoutExtension(path), path);
            }
        }
    }

    /// <summary>Whether an assembly is of a framework that a target may not have.</summary>
    internal bool IsOfOtherFramework(string simpleName) => _otherFrameworks.Value.Contains(simpleName);

    /// <summary>The file of an assembly that this process could load, or <see langword="null"/>: references may be optional.</summary>
    /// <param name="simpleName">The assembly's simple name.</param>
    /// <param name="besideFolder">The folder of the assembly that references it.</param>
    /// <exception cref="InvalidOperationException">It is loaded, but from memory.</exception>
    internal string? Find(string simpleName, string besideFolder)
    {
        if (_trusted.TryGetValue(simpleName, out string? path))
        {
            return path;
        }

        foreach (Assembly assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (string.Equals(assembly.GetName().Name, simpleName, StringComparison.OrdinalIgnoreCase))
            {
                return PathOf(assembly);
            }
        }

        foreach (string folder in (ReadOnlySpan<string>)[besideFolder, AppContext.BaseDirectory])
        {
            path = Path.Combine(folder, simpleName + ".dll");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The file that a loaded assembly came from.</summary>
    /// <exception cref="InvalidOperationException">It was loaded from memory.</exception>
    internal static string PathOf(Assembly assembly) =>
        assembly is { IsDynamic: false, Location: { Length: > 0 } path } && File.Exists(path)
            ? path
            : throw new InvalidOperationException(
                $"A new context needs the assembly {assembly.GetName().Name}, but it has no file here: it was loaded from memory, is in " +
                "a single-file executable, or its file is gone. Load it from a file, or publish the program without PublishSingleFile or as native code (PublishAot).");
}
