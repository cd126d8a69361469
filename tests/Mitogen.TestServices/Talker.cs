using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mitogen.TestContracts;

namespace Mitogen.TestServices;

[RemoteService]
internal sealed class Talker(ILogger<Talker> log) : ITalker
{
    public Task LogAsync(string message)
    {
        using (log.BeginScope("outer"))
        using (log.BeginScope("inner"))
        {
            log.LogWarning(new EventId(7, "Seven"), new InvalidOperationException("the cause"), "{Message}", message);
        }

        return Task.CompletedTask;
    }

    public Task LogEmojiAsync()
    {
        log.LogWarning("{Message}", "cut \U0001F600"[..^1]);
        return Task.CompletedTask;
    }

    public Task LogManyAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            log.LogInformation("{Number}", i);
        }

        return Task.CompletedTask;
    }

    public Task PrintAsync(string text)
    {
        Console.Write(text);
        return Task.CompletedTask;
    }

    public Task PrintErrorAsync(string text)
    {
        Console.Error.Write(text);
        return Task.CompletedTask;
    }

    public async Task RunShellAsync(string script)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", script]);
        await shell.WaitForExitAsync();
    }
}
