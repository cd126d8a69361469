using Mitogen.Import;

namespace Mitogen.Executables;

/// <summary>
/// The directory that a stage made for this process's executable and could not delete: without <c>/proc</c>, it is executed by its name.
/// </summary>
internal static class PlacedExecutable
{
    // As in place.sh.
    private const string Prefix = ".mitogen-";

    /// <summary>Deletes it, if there is one. An executable that a stage deleted has no directory any more.</summary>
    public static void Delete()
    {
        if (Path.GetDirectoryName(Environment.ProcessPath) is { } directory
            && Path.GetFileName(directory).StartsWith(Prefix, StringComparison.Ordinal)
            && Directory.Exists(directory))
        {
            PrivateDirectory.Delete(directory);
        }
    }
}
