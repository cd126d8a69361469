using Mitogen;

namespace WebApi;

/// <summary>What a machine tells of itself.</summary>
[Remote]
public interface IMachine
{
    Task<MachineState> DescribeAsync(CancellationToken cancellationToken = default);

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    IAsyncEnumerable<string> ListAsync(string folder, CancellationToken cancellationToken = default);
}

public sealed record MachineState(string Context, string Host, string User, int ProcessId, TimeSpan Uptime);
