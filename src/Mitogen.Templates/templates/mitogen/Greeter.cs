using Mitogen;

namespace Template._1;

/// <summary>A service: it runs in the context that is called.</summary>
[RemoteService]
public sealed class Greeter(IRemoteContext self) : IGreeter
{
    public Task<string> GreetAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult($"Hello, {name}! This is {self.Name}, process {Environment.ProcessId} on {Environment.MachineName}.");
}
