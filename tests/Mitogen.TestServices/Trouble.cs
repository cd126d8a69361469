using System.Diagnostics;
using Mitogen.TestContracts;

namespace Mitogen.TestServices;

[RemoteService]
internal sealed class Trouble(IRemoteContext self) : ITrouble, IDisposable
{
    private bool _hangInDispose;

    public Task SpinAsync()
    {
        while (true)
        {
            // As user code does.
        }
    }

    public void Block() => Thread.Sleep(Timeout.Infinite);

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public Task<int> StartSleepAsync()
    {
        using Process sleep = Process.Start("/bin/sleep", "1000");
        return Task.FromResult(sleep.Id);
    }

    public Task FailFastAsync(string message)
    {
        Environment.FailFast(message);
        return Task.CompletedTask;
    }

    public Task ThrowOnThreadAsync(string message)
    {
        new Thread(() => throw new InvalidOperationException(message)).Start();
        return Task.Delay(Timeout.Infinite);
    }

    public Task ExitAsync(int code, string lastWords)
    {
        Console.Error.Write(lastWords);
        Environment.Exit(code);
        return Task.CompletedTask;
    }

    public async Task DisposeYourselfAsync() => await self.DisposeAsync();

    public Task HangInDisposeAsync()
    {
        _hangInDispose = true;
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        if (_hangInDispose)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
