using System.Globalization;

namespace Mitogen.Runtime.Tests.Leaks;

/// <summary>What this process and those that it started hold, each thing by a name that is not used twice.</summary>
internal sealed record LeakSnapshot(IReadOnlySet<string> Things)
{
    private static readonly string[] s_descriptorKinds =
    [
        "pipe:", "socket:", "pidfd:", "/memfd:", "/dev/pts/", "anon_inode:[eventfd]", "anon_inode:[eventpoll]", "anon_inode:[pidfd]",
    ];

    /// <param name="marker">An entry of the environment that only processes started from here on have.</param>
    public static LeakSnapshot Take(string marker) => new(new HashSet<string>([
        .. Processes(marker), .. Threads(), .. Descriptors(), .. Files("/tmp"), .. Files("/dev/shm")]));

    private const string File = "file ";

    /// <summary>What is here and was not there. Files of other runs on the same machine, which their processes name, are nobody's concern here.</summary>
    /// <param name="before">What was there.</param>
    /// <param name="marker">As above.</param>
    public IReadOnlyList<string> Except(LeakSnapshot before, string marker)
    {
        string[] more = [.. Things.Except(before.Things).Order(StringComparer.Ordinal)];
        if (!more.Any(IsFile))
        {
            return more;
        }

        string foreign = string.Join('\n', Foreign(marker));
        return [.. more.Where(thing => !IsFile(thing) || !foreign.Contains(thing[File.Length..], StringComparison.Ordinal))];
    }

    private static bool IsFile(string thing) => thing.StartsWith(File, StringComparison.Ordinal);

    /// <summary>The command lines, environments and current folders of processes that this one did not start.</summary>
    private static IEnumerable<string> Foreign(string marker)
    {
        Dictionary<int, (int Parent, string Name)> all = AllProcesses();
        foreach (int pid in all.Keys)
        {
            if (pid != Environment.ProcessId && !IsDescendant(pid, all) && !HasMarker(pid, marker))
            {
                yield return $"{Read($"/proc/{pid}/cmdline")}\n{Read($"/proc/{pid}/environ")}\n{new DirectoryInfo($"/proc/{pid}/cwd").LinkTarget}";
            }
        }
    }

    /// <summary>Descendants by parentage; those that lost their parents by the marker that they inherited.</summary>
    private static IEnumerable<string> Processes(string marker)
    {
        Dictionary<int, (int Parent, string Name)> all = AllProcesses();
        foreach ((int pid, (int _, string name)) in all)
        {
            if (pid != Environment.ProcessId && (IsDescendant(pid, all) || HasMarker(pid, marker)))
            {
                yield return name;
            }
        }
    }

    private static Dictionary<int, (int Parent, string Name)> AllProcesses()
    {
        var all = new Dictionary<int, (int Parent, string Name)>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int pid))
            {
                continue;
            }

            if (Read(folder + "/stat") is not { } stat)
            {
                continue;
            }

            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            string command = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];

            // Without its state, which may be another one the next time that this is looked at.
            all[pid] = (int.Parse(fields[1], CultureInfo.InvariantCulture), $"process {pid} ({command})");
        }

        return all;
    }

    private static bool HasMarker(int pid, string marker) =>
        Read($"/proc/{pid}/environ")?.Contains(marker, StringComparison.Ordinal) == true;

    private static bool IsDescendant(int pid, Dictionary<int, (int Parent, string Name)> all)
    {
        for (int depth = 0; depth < 64 && all.TryGetValue(pid, out (int Parent, string Name) process); depth++)
        {
            if (process.Parent == Environment.ProcessId)
            {
                return true;
            }

            pid = process.Parent;
        }

        return false;
    }

    private static IEnumerable<string> Threads() =>
        from folder in Directory.EnumerateDirectories("/proc/self/task")
        let name = Read(folder + "/comm")?.Trim()
        where name?.StartsWith("mitogen-", StringComparison.Ordinal) == true
        select $"thread {Path.GetFileName(folder)} {name}";

    private static IEnumerable<string> Descriptors() =>
        from entry in Directory.EnumerateFileSystemEntries("/proc/self/fd")
        let target = new FileInfo(entry).LinkTarget
        where target is not null && s_descriptorKinds.Any(kind => target.StartsWith(kind, StringComparison.Ordinal))
        select $"descriptor {Path.GetFileName(entry)} {target}";

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder, "*mitogen*").Select(path => File + path) : [];

    /// <summary>Null when it went away between the listing and the look, or is another user's.</summary>
    private static string? Read(string path)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
