using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>A logger of the user's that may throw: the runtime logs on threads of its own, and what it throws there would end the process.</summary>
internal sealed class GuardedLogger(ILogger inner) : ILogger
{
    private int _hasFailed;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

#pragma warning disable CA1031 // the logger is the user's
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception e)
        {
            Tell(e);
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception e)
        {
            Tell(e);
        }
    }
#pragma warning restore CA1031

    /// <summary>The first time, where somebody may see it: there is nowhere to log that logging fails.</summary>
    private void Tell(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
        {
            Console.Error.WriteLine($"Mitogen: the program's logger failed, and records are lost: {error.GetType()}: {error.Message}");
        }
    }
}
