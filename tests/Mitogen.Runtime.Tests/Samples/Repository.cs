namespace Mitogen.Runtime.Tests.Samples;

/// <summary>Where things lie in the repository that these tests were built in.</summary>
internal static class Repository
{
    public const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // .../tests/Mitogen.Runtime.Tests/bin/CONFIGURATION/FRAMEWORK
    private static readonly string s_output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    public static string Root { get; } = Path.GetFullPath(Path.Combine(s_output, "../../../../.."));

    /// <summary>The folder that a project was built into, in the configuration of these tests.</summary>
    public static string OutputOf(string project) =>
        Path.Combine(Root, project, "bin", Path.GetFileName(Path.GetDirectoryName(s_output)!), Path.GetFileName(s_output));

    /// <summary>For programs that run as another user: the folders above the repository may be its owner's alone.</summary>
    public static void CopyReadable(string from, string to)
    {
        File.SetUnixFileMode(Directory.CreateDirectory(to).FullName, ReadableByAll);
        foreach (string file in Directory.GetFiles(from))
        {
            string copy = Path.Combine(to, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, ReadableByAll);
        }

        foreach (string folder in Directory.GetDirectories(from))
        {
            CopyReadable(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
