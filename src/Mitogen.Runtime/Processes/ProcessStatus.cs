using System.Globalization;

namespace Mitogen.Processes;

/// <summary>
/// The facts that Linux tells of a process in <c>/proc/pid/stat</c> (proc_pid_stat(5)): its parent, group, session, and when it started, in
/// ticks since the boot.
/// </summary>
/// <remarks>A group or session whose leader is outside of this process's pid namespace has the number 0.</remarks>
internal readonly record struct ProcessStatus(int Id, int Parent, int Group, int Session, bool IsZombie, long Started)
{
    // Behind the name, which is in parentheses and may hold any character: state, ppid, pgrp, session, and 16 more up to starttime.
    private const int StartField = 20;

    /// <summary>Reads one process; <see langword="null"/> if it is gone, hidden, or there is no <c>/proc</c>.</summary>
    public static ProcessStatus? Read(int id)
    {
        try
        {
            return Parse(id, File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All processes that can be seen; none without <c>/proc</c>.</summary>
    public static IReadOnlyList<ProcessStatus> ReadAll()
    {
        List<ProcessStatus> all = [];
        try
        {
            foreach (string folder in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Read(id) is { } status)
                {
                    all.Add(status);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc, or one that shows nothing: nothing is known.
        }

        return all;
    }

    internal static ProcessStatus? Parse(int id, string stat)
    {
        int name = stat.LastIndexOf(')');
        string[] fields = name < 0 ? [] : stat[(name + 1)..].Split(' ', StartField + 2);
        return fields.Length > StartField
            && int.TryParse(fields[2], CultureInfo.InvariantCulture, out int parent)
            && int.TryParse(fields[3], CultureInfo.InvariantCulture, out int group)
            && int.TryParse(fields[4], CultureInfo.InvariantCulture, out int session)
            && long.TryParse(fields[StartField], CultureInfo.InvariantCulture, out long started)
            ? new ProcessStatus(id, parent, group, session, fields[1] == "Z", started)
            : null;
    }
}
