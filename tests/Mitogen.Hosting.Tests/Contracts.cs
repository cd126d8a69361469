namespace Mitogen.Hosting.Tests;

[Remote]
public interface IHosted
{
    Task<int> ProcessAsync();

    /// <summary>Ends when it is cancelled or lost.</summary>
    Task WaitAsync(CancellationToken cancellationToken = default);

    Task<string> NameAsync();
}

[RemoteService]
internal sealed class Hosted(IRemoteContext self) : IHosted
{
    public Task<int> ProcessAsync() => Task.FromResult(Environment.ProcessId);

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task<string> NameAsync() => Task.FromResult(self.Name);
}

[Remote]
public interface IGreeting
{
    Task<string> GreetAsync();
}

/// <summary>A service that only the application's provider can build.</summary>
[RemoteService]
internal sealed class GreetingService(GreetingText text) : IGreeting
{
    public Task<string> GreetAsync() => Task.FromResult(text.Value);
}

internal sealed record GreetingText(string Value);
