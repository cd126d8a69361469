using System.Diagnostics;
using Mitogen.Toolkit.Files;

namespace Mitogen.Toolkit.Tests.Files;

/// <summary>Kills its own process while it writes a file.</summary>
[Remote]
public interface IFileKiller
{
    Task<int> KillAtAsync(string step);
}

[RemoteService]
internal sealed class FileKiller : IFileKiller
{
    public Task<int> KillAtAsync(string step)
    {
        PartFile.Reached = reached =>
        {
            if (reached.ToString() == step)
            {
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        };
        return Task.FromResult(Environment.ProcessId);
    }
}
