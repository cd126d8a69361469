using System.Globalization;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>What /proc says of processes.</summary>
internal static class ProcessTable
{
    public static int ParentOf(int pid) => Field(pid, 1);

    public static int GroupOf(int pid) => Field(pid, 2);

    public static int SessionOf(int pid) => Field(pid, 3);

    /// <summary>Whether it is there, and no zombie.</summary>
    public static bool IsAlive(int pid) => Status(pid) is { } fields && fields[0] != "Z";

    public static IReadOnlyList<int> ChildrenOf(int pid) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
           let child = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)
           where Status(child) is { } fields && fields[1] == $"{pid}"
           select child,
    ];

    /// <summary>Waits until all are gone.</summary>
    /// <returns>Those that are not.</returns>
    public static async Task<IReadOnlyList<int>> LeftAfterAsync(IEnumerable<int> pids, TimeSpan time)
    {
        IReadOnlyList<int> left = [.. pids];
        long end = Environment.TickCount64 + (long)time.TotalMilliseconds;
        while (left.Count > 0 && Environment.TickCount64 < end)
        {
            await Task.Delay(20);
            left = [.. left.Where(IsAlive)];
        }

        return left;
    }

    /// <summary>The files with arguments and environments of processes, of all of this machine, in which a text stands.</summary>
    public static string[] FilesWith(string text) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
           from file in (string[])[$"{folder}/cmdline", $"{folder}/environ"]
           where Read(file).Contains(text, StringComparison.Ordinal)
           select file,
    ];

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended
        }
    }

    private static int Field(int pid, int index) => int.Parse(Status(pid)![index], CultureInfo.InvariantCulture);

    /// <summary>The fields of /proc/pid/stat from the state on; null when there is no such process.</summary>
    private static string[]? Status(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
