using System.Diagnostics;

namespace Mitogen.Toolkit.Transfers;

/// <summary>Passes the sink's answers on to the source, and how far it is to the user. Reports come one after the other.</summary>
internal sealed class AnswerRelay(ITransferSource source, IProgress<TransferProgress>? progress) : IProgress<SinkAnswers>
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private volatile TransferProgress _last = new(0, 0, 0, 0, IsTotalKnown: false, 0, "");

    public TransferProgress Last => _last;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    public void Report(SinkAnswers value)
    {
        if (value.Answers.Length > 0)
        {
            try
            {
                source.Answer(value.Answers);
            }
            catch (Exception e) when (e is ContextLostException or ObjectDisposedException)
            {
                // The sink misses the contents then, and fails.
            }
        }

        SinkCounts counts = value.Counts;
        TransferProgress told = _last = new TransferProgress(
            counts.Files,
            counts.TotalFiles,
            counts.Bytes,
            counts.TotalBytes,
            counts.IsTotalKnown,
            counts.Bytes / Math.Max(Elapsed.TotalSeconds, 0.001),
            value.Current);
        progress?.Report(told);
    }
}
