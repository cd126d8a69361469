using System.Globalization;
using System.Text;
using Mitogen.Toolkit.Interop;
using Mitogen.Toolkit.Processes;

namespace Mitogen.Toolkit.Machine;

/// <summary>Reads the processes of this machine.</summary>
internal sealed class ProcessReader
{
    private const int MaxCommandLine = 4096;
    private const int TicksPerSecondName = 2; // _SC_CLK_TCK

    private static readonly long s_ticksPerSecond = Math.Max(1, ProcessLibc.SystemValue(TicksPerSecondName));

    private readonly DateTimeOffset _booted = DateTimeOffset.FromUnixTimeSeconds(KernelFiles.Number(
        KernelFiles.Lines("/proc/stat").FirstOrDefault(line => line.StartsWith("btime ", StringComparison.Ordinal))?["btime ".Length..] ?? ""));

    // Of one listing: a name that was changed is seen by the next one.
    private readonly Dictionary<uint, string> _users = [];

    public ProcessList List(int max, CancellationToken cancellationToken)
    {
        int[] ids = [.. ProcessStatusFile.AllIds().Order()];
        List<ProcessFacts> processes = [];
        foreach (int id in ids)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (processes.Count < max && Read(id) is { } process)
            {
                processes.Add(process);
            }
        }

        return new ProcessList(processes, Math.Max(ids.Length, processes.Count));
    }

    private static TimeSpan Time(long ticks) => TimeSpan.FromSeconds((double)ticks / s_ticksPerSecond);

    private ProcessFacts? Read(int id)
    {
        if (ProcessStatusFile.Read(id) is not { } status)
        {
            return null;
        }

        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        if (KernelFiles.Field(KernelFiles.Lines($"{folder}/status"), "Uid") is not { Length: > 0 } owner)
        {
            return null; // it went between the two looks, and would be taken for root's
        }

        uint user = (uint)KernelFiles.Number(owner);
        return new ProcessFacts(
            id, status.Parent, status.Name, CommandLine($"{folder}/cmdline"), status.State, user, NameOf(user), Time(status.UserTicks + status.SystemTicks),
            status.ResidentPages * Environment.SystemPageSize, status.Threads, status.Nice, _booted + Time(status.StartTicks), status.StartTicks);
    }

    private string NameOf(uint user)
    {
        if (!_users.TryGetValue(user, out string? name))
        {
            _users[user] = name = UserLookup.FindUser(user)?.Name ?? user.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    private static string[] CommandLine(string path)
    {
        byte[] buffer = new byte[MaxCommandLine];
        int count = 0;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            count = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone, or somebody else's.
        }

        string text = Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\0');
        return text.Length == 0 ? [] : text.Split('\0');
    }
}
