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
        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                if (IsOurs(process.Id))
                {
                    process.Kill();
                    process.WaitForExit();
                }
            }
        }
    }

    private static bool IsOurs(int id)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline")).Contains($"-pipename:{Id}", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it has just gone
        }
    }
}
