using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>Finds a program as a shell would, but never in the current folder, so that "not there" and "not allowed" are told apart before anything starts.</summary>
internal static class ExecutableLookup
{
    private const int Executable = 1; // X_OK

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">There is, but it cannot be executed.</exception>
    public static string Find(string fileName)
    {
        if (fileName.Contains('/', StringComparison.Ordinal))
        {
            string path = Path.GetFullPath(fileName);
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"There is no file '{path}'.", fileName);
            }

            return CanExecute(path) ? path : throw NotAllowed(path);
        }

        string? refused = null;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':');
        foreach (string folder in folders)
        {
            // An empty entry, or a relative one, would be whatever lies in the current folder, which may be anybody's.
            if (!Path.IsPathRooted(folder))
            {
                continue;
            }

            string path = Path.GetFullPath(Path.Combine(folder, fileName));
            if (!File.Exists(path))
            {
                continue;
            }

            if (CanExecute(path))
            {
                return path;
            }

            refused ??= path;
        }

        throw refused is null
            ? new FileNotFoundException($"There is no program '{fileName}' in a folder of PATH.", fileName)
            : NotAllowed(refused);
    }

    private static bool CanExecute(string path) => Libc.Access(path, Executable) == 0;

    private static UnauthorizedAccessException NotAllowed(string path) => new($"'{path}' cannot be executed: permission denied.");
}
