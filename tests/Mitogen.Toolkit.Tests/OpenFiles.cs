namespace Mitogen.Toolkit.Tests;

/// <summary>The files that this process has open.</summary>
internal static class OpenFiles
{
    /// <summary>The paths of those in a folder, and that of the folder itself.</summary>
    public static List<string> Below(string folder) =>
        [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(Target).OfType<string>().Where(path => path.StartsWith(folder, StringComparison.Ordinal))];

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed since the list was made
        }
    }
}
