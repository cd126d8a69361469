using System.Globalization;

namespace Mitogen.Executables;

/// <summary>Finds the <c>dotnet</c> that starts managed contexts on this machine.</summary>
internal static class DotNetHost
{
    private const string Name = "dotnet";
    private const int LowestMajor = 10;

    /// <param name="given">The path that the connection names, if it does; then nothing else is tried.</param>
    internal static string? Find(string? given) =>
        given is not null ? (File.Exists(given) ? Path.GetFullPath(given) : null) : Candidates().FirstOrDefault(File.Exists);

    /// <summary>
    /// Whether an installation is seen not to have a runtime that can run a context. A host with nothing beside it, a wrapper
    /// script say, may have one anywhere.
    /// </summary>
    internal static bool LacksRuntime(string host)
    {
        string installed = File.ResolveLinkTarget(host, returnFinalTarget: true)?.FullName ?? host;
        string runtimes = Path.Combine(Path.GetDirectoryName(installed)!, "shared", "Microsoft.NETCore.App");
        return Directory.Exists(runtimes) && !Directory.EnumerateDirectories(runtimes).Any(folder =>
            int.TryParse(Path.GetFileName(folder).Split('.')[0], CultureInfo.InvariantCulture, out int major) && major >= LowestMajor);
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host)
        {
            yield return host;
        }

        if (Environment.ProcessPath is { } process && Path.GetFileName(process) == Name)
        {
            yield return process;
        }

        IEnumerable<string?> folders =
        [
            RunningInstallation(),
            Environment.GetEnvironmentVariable("DOTNET_ROOT"),
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            "/usr/share/dotnet",
            "/usr/lib/dotnet",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet"),
        ];

        foreach (string? folder in folders)
        {
            if (Path.IsPathRooted(folder))
            {
                yield return Path.Combine(folder, Name);
            }
        }
    }

    // <installation>/shared/Microsoft.NETCore.App/<version>, where this process's own runtime lies.
    private static string? RunningInstallation() =>
        AppContext.GetData("FX_DEPS_FILE") is string { Length: > 0 } deps
            ? Path.GetFullPath(Path.Combine(deps, "..", "..", "..", ".."))
            : null;
}
