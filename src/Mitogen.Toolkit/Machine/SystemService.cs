using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;
using Mitogen.Toolkit.Processes;

namespace Mitogen.Toolkit.Machine;

/// <summary>The machine of a context.</summary>
[RemoteService]
internal sealed class SystemService(IRemoteContext self) : ISystem
{
    public Task<SystemFacts> GetFactsAsync(CancellationToken cancellationToken = default) => Task.FromResult(FactReader.Read(self.Info));

    public Task<IReadOnlyDictionary<string, string>> GetEnvironmentAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(ProcessEnvironment.OfThisProcess());

    public Task<IReadOnlyList<UserFacts>> ListUsersAsync(CancellationToken cancellationToken = default) => Task.FromResult(AccountReader.Users());

    public Task<IReadOnlyList<GroupFacts>> ListGroupsAsync(CancellationToken cancellationToken = default) => Task.FromResult(AccountReader.Groups());

    public Task<UserFacts?> FindUserAsync(string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        return Task.FromResult(UserLookup.FindNamed(user) is { } found
            ? new UserFacts(found.Name, found.Id, found.Group, "", found.Home, found.Shell, UserLookup.GroupsOf(found.Name, found.Group))
            : null);
    }

    public Task<ProcessList> ListProcessesAsync(int max = 10_000, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        return Task.FromResult(new ProcessReader().List(max, cancellationToken));
    }

    public Task<bool> SignalAsync(int id, ProcessSignal signal, long? startTicks = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
        int number = SignalNumber.Of(signal);
        if (ProcessStatusFile.Read(id) is not { } status || (startTicks is { } ticks && ticks != status.StartTicks))
        {
            return Task.FromResult(false);
        }

        if (ProcessLibc.SendSignal(id, number) == 0)
        {
            return Task.FromResult(true);
        }

        return Marshal.GetLastPInvokeError() switch
        {
            ProcessLibc.NoSuchProcess => Task.FromResult(false),
            ProcessLibc.NotPermitted => throw new UnauthorizedAccessException(
                $"The process {id} ({status.Name}) of {self} belongs to somebody else: start a context by sudo."),
            _ => throw ProcessLibc.Error($"A signal to the process {id} of {self}"),
        };
    }

    public Task RebootAsync(RebootKind kind = RebootKind.Restart, CancellationToken cancellationToken = default) =>
        MachineReboot.OrderAsync(kind, $"{self}", cancellationToken);
}
