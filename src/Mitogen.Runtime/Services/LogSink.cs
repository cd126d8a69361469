using Mitogen.Lifetime;
using Mitogen.Logging;

namespace Mitogen.Services;

/// <summary>Takes the records of all contexts below the root.</summary>
internal sealed class LogSink(ContextNode root) : ILogSink
{
    public Task WriteAsync(LogBatch batch)
    {
        if (batch is not { IsComplete: true })
        {
            throw new ArgumentException("Log records lack what every record has.", nameof(batch));
        }

        root.Options.Output.Write(batch);
        return Task.CompletedTask;
    }
}
