namespace Mitogen.Toolkit.Processes;

/// <summary>Finds a program before anything starts, so that "not there" is told apart from "not allowed". The current folder is never searched.</summary>
internal static class ProgramLookup
{
    public const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="program">A path or a name.</param>
    /// <param name="folder">The folder that a relative path is relative to.</param>
    /// <param name="path">The <c>PATH</c>.</param>
    /// <param name="context">For the errors.</param>
    public static string Find(string program, string folder, string path, string context)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            string full = Path.GetFullPath(program, folder);
            return !File.Exists(full)
                ? throw new FileNotFoundException($"There is no program '{full}' on {context}.", full)
                : IsExecutable(full) ? full : throw NotExecutable(full, context);
        }

        string? refused = null;
        foreach (string entry in path.Split(':'))
        {
            // An empty or relative entry would be a folder that may be anybody's.
            if (!Path.IsPathRooted(entry) || Path.Combine(entry, program) is var full && !File.Exists(full))
            {
                continue;
            }

            if (IsExecutable(full))
            {
                return full;
            }

            refused ??= full;
        }

        throw refused is null
            ? new FileNotFoundException($"There is no program '{program}' on {context}, in none of the folders of its PATH ({path}).", program)
            : NotExecutable(refused, context);
    }

#pragma warning disable CA1416 // contexts run on Linux
    private static bool IsExecutable(string path) => (File.GetUnixFileMode(path) & AnyExecute) != 0;
#pragma warning restore CA1416

    private static UnauthorizedAccessException NotExecutable(string path, string context) =>
        new($"'{path}' on {context} is not executable: 'chmod +x' makes it so.");
}
