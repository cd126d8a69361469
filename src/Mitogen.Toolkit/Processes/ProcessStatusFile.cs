using System.Globalization;

namespace Mitogen.Toolkit.Processes;

/// <summary>The numbers of <c>/proc/PID/stat</c>.</summary>
internal sealed record ProcessStatusFile(
    int Id, string Name, char State, int Parent, int Group, int Session, int Terminal, long UserTicks, long SystemTicks, int Nice, int Threads, long StartTicks,
    long VirtualBytes, long ResidentPages)
{
    // Behind the name, which is in parentheses and may have any character.
    private const int Fields = 22;

    /// <returns><see langword="null"/> if the process is gone, or cannot be seen.</returns>
    public static ProcessStatusFile? Read(int id)
    {
        string text;
        try
        {
            text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it went between the listing and the look, or belongs to somebody else
        }

        int open = text.IndexOf('(', StringComparison.Ordinal);
        int close = text.LastIndexOf(')');
        string[] fields = close < 0 ? [] : text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length < Fields)
        {
            return null;
        }

        long Number(int index) => long.TryParse(fields[index], CultureInfo.InvariantCulture, out long number) ? number : 0;
        return new ProcessStatusFile(
            id, text[(open + 1)..close], fields[0][0], (int)Number(1), (int)Number(2), (int)Number(3), (int)Number(4), Number(11), Number(12), (int)Number(16),
            (int)Number(17), Number(19), Number(20), Number(21));
    }

    /// <summary>The numbers of all processes that can be seen.</summary>
    public static IEnumerable<int> AllIds() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out int number) ? number : 0
        where id > 0
        select id;

    /// <summary>Whether somebody else than its leader lives in a process group.</summary>
    public static bool HasFollowers(int leader) =>
        AllIds().Any(id => id != leader && Read(id) is { State: not 'Z' and not 'X' } status && status.Group == leader);
}
