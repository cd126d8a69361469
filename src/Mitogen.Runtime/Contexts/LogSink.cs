using System.Diagnostics;
using Mitogen.Logging;

namespace Mitogen.Contexts;

/// <summary>Takes at the root what a context below it logs for itself and for those below it.</summary>
internal sealed class LogSink(ContextNode root, uint caller) : ILogSink
{
    public bool Listens(string source)
    {
        using ActivitySource probe = new(VisibleText.Line(source ?? ""));
        return probe.HasListeners();
    }

    public Task WriteAsync(LogBatch batch)
    {
        if (batch is not { IsComplete: true })
        {
            throw new ArgumentException($"Log records lack what every record has, or are more than {LogBatch.MaxRecords}.", nameof(batch));
        }

        // A record in another's name is dropped and counted as the sender's.
        bool isOwn = root.IsOfOrBelow(batch.Context, caller, out LogSource sender);
        return root.Options.Output.Write(sender, isOwn ? batch : LogBatch.Loss(sender.Path, batch.Count));
    }
}
