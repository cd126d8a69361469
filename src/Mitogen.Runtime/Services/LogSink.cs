using Mitogen.Lifetime;
using Mitogen.Logging;

namespace Mitogen.Services;

/// <summary>Takes the records of all contexts below the root.</summary>
internal sealed class LogSink(ContextNode root) : ILogSink
{
    public Task WriteAsync(LogBatch batch)
    {
        root.Options.Output.Write(batch);
        return Task.CompletedTask;
    }
}
