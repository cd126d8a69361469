namespace Mitogen.Runtime.Tests.Connections;

/// <summary>Shell scripts that stand in for <c>dotnet</c> and other tools.</summary>
internal static class Scripts
{
    private static readonly string s_folder = MakeFolder();

    /// <summary>Writes an executable script and returns its path; it lies there until the process ends.</summary>
    public static string Write(string body, bool executable = true)
    {
        string path = Path.Combine(s_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, executable ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100);
        return path;
    }

    /// <summary>A path in their folder, where nothing is yet.</summary>
    public static string NewPath() => Path.Combine(s_folder, Guid.NewGuid().ToString("N"));

    private static string MakeFolder()
    {
        string folder = Directory.CreateTempSubdirectory("test-scripts-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // contexts of other users run some
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
