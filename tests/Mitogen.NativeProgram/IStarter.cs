using System.Diagnostics;

namespace Mitogen.NativeProgram;

/// <summary>Starts processes and leaves them alone.</summary>
[Remote]
public interface IStarter
{
    /// <returns>The number of a shell that runs the script, as its own context sees it.</returns>
    Task<int> StartAsync(string script);
}

[RemoteService]
internal sealed class Starter : IStarter
{
    public Task<int> StartAsync(string script)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", script]);
        return Task.FromResult(shell.Id);
    }
}
