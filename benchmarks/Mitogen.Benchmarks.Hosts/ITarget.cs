using System.Diagnostics;
using Mitogen;

namespace Benchmarks.Hosts;

/// <summary>What is asked of a host.</summary>
[Remote]
public interface ITarget
{
    Task<int> EchoAsync(int value);

    /// <summary>One step of a task list: runs a command and says how it ended.</summary>
    Task<int> RunAsync(string command, string[] arguments);

    /// <summary>What of the context is in memory, in KiB.</summary>
    Task<long> ResidentAsync();
}

[RemoteService]
internal sealed class TargetService : ITarget
{
    public Task<int> EchoAsync(int value) => Task.FromResult(value);

    public async Task<int> RunAsync(string command, string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async Task<long> ResidentAsync()
    {
        string line = (await File.ReadAllLinesAsync("/proc/self/status")).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
