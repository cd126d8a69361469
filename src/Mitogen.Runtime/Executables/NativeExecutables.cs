using System.Collections.Concurrent;

namespace Mitogen.Executables;

/// <summary>
/// Where a context has the program as a native executable: itself, if it is one, or <c>executables/RID/NAME</c> beside the program, or from
/// those above it. Safe for use by several threads at once.
/// </summary>
internal sealed class NativeExecutables
{
    internal const string FolderName = "executables";

    /// <summary>The command that makes the executables.</summary>
    internal const string Command = "dotnet publish -t:MitogenExecutables";

    // By the kernel's link and not by its path: that may be gone, or name a newer build by now.
    private const string OwnPath = "/proc/self/exe";

    private readonly ConcurrentDictionary<string, ExecutableFile> _found = new(StringComparer.Ordinal);
    private readonly RemoteCatalog _catalog;
    private readonly string _folder;
    private readonly bool _isNative;
    private readonly ParentExecutables? _above;

    /// <param name="catalog">Names the program.</param>
    /// <param name="baseDirectory">The program's folder.</param>
    /// <param name="isNative">Whether this process is native code: its executable is the whole program.</param>
    /// <param name="above">The parent's; <see langword="null"/> in a root.</param>
    internal NativeExecutables(RemoteCatalog catalog, string baseDirectory, bool isNative, ParentExecutables? above = null)
    {
        _above = above;
        _catalog = catalog;
        _folder = Path.Combine(baseDirectory, FolderName);
        _isNative = isNative;
    }

    /// <summary>Whether this process's own executable is the whole program, and is a context when it is started as one.</summary>
    internal bool IsOwn => _isNative && _catalog.EntryPoint is not null;

    // In a started context, the catalog is filled later than this is made.
    private string? ProgramName => (_catalog.EntryPoint ?? (_catalog.Roots is [var root, ..] ? root : null))?.GetName().Name;

    /// <summary>Those of this process.</summary>
    internal static NativeExecutables OfProcess(RemoteCatalog catalog, ParentExecutables? above) =>
        new(catalog, AppContext.BaseDirectory, !Program.HasAssemblies, above);

    /// <inheritdoc cref="FindAsync(string, Action?, CancellationToken)"/>
    internal Task<FoundExecutable> FindAsync(string rid, CancellationToken cancellationToken) => FindAsync(rid, onPart: null, cancellationToken);

    /// <summary>The executable for a runtime identifier: this process's own, else that of those above it.</summary>
    /// <param name="rid">Such as <c>linux-x64</c>.</param>
    /// <param name="onPart">Called for each part of it that comes from above.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="InvalidDataException">The parent's is larger than allowed, or did not come whole.</exception>
    internal async Task<FoundExecutable> FindAsync(string rid, Action? onPart, CancellationToken cancellationToken) =>
        Find(rid) is { } own ? new FoundExecutable(own, "")
        : _above is null || !Platform.IsKnown(rid) ? new FoundExecutable(null, Missing(rid))
        : await _above.FindAsync(rid, onPart, cancellationToken).ConfigureAwait(false);

    /// <summary>This process's own, the same one each time; or <see langword="null"/>.</summary>
    internal ExecutableFile? Find(string rid)
    {
        if (_found.TryGetValue(rid, out ExecutableFile? executable))
        {
            return executable;
        }

        return PathOf(rid) is { } path && (path == OwnPath || File.Exists(path))
            ? _found.GetOrAdd(rid, new ExecutableFile(rid, path))
            : null;
    }

    /// <summary>Says why there is none, and how to make one.</summary>
    internal string Missing(string rid)
    {
        string remedy = $"'{Command} -p:MitogenExecutableRids={rid}' makes it.";
        return PathOf(rid) is not { } path ? $"There is no native executable for {rid}: the catalog names no executable. {remedy}"
            : !_isNative || _catalog.EntryPoint is not null ? $"There is no native executable for {rid}: {path} does not exist. {remedy}"
            : $"There is no native executable for {rid}: {path} does not exist, and this executable cannot be sent, because its entry " +
                $"point does not call MitogenApp.RunAsync itself, so that it would run as a program there. {remedy}";
    }

    private string? PathOf(string rid) =>
        IsOwn && rid == Platform.OwnRid ? OwnPath
        : ProgramName is { } name ? Path.Combine(_folder, rid, name)
        : null;
}
