using System.Runtime.CompilerServices;
using Mitogen;

namespace WebApi;

/// <summary>Runs in each context.</summary>
[RemoteService]
internal sealed class Machine(IRemoteContext self) : IMachine
{
    public Task<MachineState> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult(new MachineState(
        self.Name, Environment.MachineName, Environment.UserName, Environment.ProcessId, TimeSpan.FromMilliseconds(Environment.TickCount64)));

    public async IAsyncEnumerable<string> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string file in Directory.EnumerateFileSystemEntries(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return file;
        }

        await Task.CompletedTask;
    }
}
