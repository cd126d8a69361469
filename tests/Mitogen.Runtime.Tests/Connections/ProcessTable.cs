using System.Globalization;
using Mitogen.Processes;

namespace Mitogen.Runtime.Tests.Connections;

/// <summary>What /proc says of processes.</summary>
internal static class ProcessTable
{
    public static int ParentOf(int pid) => ProcessStatus.Read(pid)!.Value.Parent;

    public static int GroupOf(int pid) => ProcessStatus.Read(pid)!.Value.Group;

    public static int SessionOf(int pid) => ProcessStatus.Read(pid)!.Value.Session;

    /// <summary>Whether it is there, and no zombie.</summary>
    public static bool IsAlive(int pid) => ProcessStatus.Read(pid) is { IsZombie: false };

    public static IReadOnlyList<int> ChildrenOf(int pid) => [.. ProcessStatus.ReadAll().Where(p => p.Parent == pid).Select(p => p.Id)];

    /// <summary>Waits until all are gone.</summary>
    public static Task GoneAsync(params IReadOnlyList<int> pids) =>
        Eventually.UntilAsync(() => !pids.Any(IsAlive), () => $"Left behind: {string.Join(' ', pids.Where(IsAlive))}");

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
}
