using System.Diagnostics;
using System.Globalization;

namespace Mitogen.Package.Tests.Feed;

/// <summary>
/// The compiler server of all commands, as every user has one: a compiler that starts for each of them takes longer than what it compiles. It
/// is not that of the user who runs the tests, and ends with them.
/// </summary>
internal static class CompilerServer
{
    /// <summary>Its name: a property of MSBuild, by which the compilers find it.</summary>
    public static string Id { get; } = $"mitogen-{Guid.NewGuid():N}";

    public static void End()
    {
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && IsOurs(folder))
            {
                using var server = Process.GetProcessById(id);
                server.Kill();
                server.WaitForExit();
            }
        }
    }

    private static bool IsOurs(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains($"-pipename:{Id}", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it has just gone
        }
    }
}
