using System.Collections.Concurrent;
using System.Diagnostics;
using Mitogen.Telemetry;

namespace Mitogen.Logging;

/// <summary>
/// Sends the spans of a started context home: those that are parts of a trace which is recorded where the calls come from, of the sources that the root
/// listens to. A context begins no trace of its own, and what nobody asked for costs nothing.
/// </summary>
/// <param name="context">The context's path.</param>
/// <param name="output">Where the spans go.</param>
/// <param name="isHeard">Asks the root whether it listens to a source, and blocks until the answer comes.</param>
internal sealed class SpanCollector(string context, ILogOutput output, Func<string, bool> isHeard)
{
    private readonly LogSource _source = LogSource.Own(context);
    private readonly ConcurrentDictionary<string, bool> _heard = new(StringComparer.Ordinal);

    /// <summary>Collects from now on, to the end of the process.</summary>
    public void Start() => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = static _ => true,
        Sample = Sample,
        ActivityStopped = Send,
    });

    // A span that the root drops would leave those below it without one above them. So it is not even made, as where nobody listens.
    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> options)
    {
        if (options.Parent == default)
        {
            return ActivitySamplingResult.None;
        }

        // Where nobody listened to the runtime's own source, no trace came.
        bool isRecorded = (options.Parent.TraceFlags & ActivityTraceFlags.Recorded) != 0;
        return options.Source.Name == Instruments.Name
            ? isRecorded ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.PropagationData
            : isRecorded && _heard.GetOrAdd(options.Source.Name, isHeard) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None;
    }

    private void Send(Activity activity)
    {
        if (activity is { Recorded: true, IdFormat: ActivityIdFormat.W3C } && activity.ParentSpanId != default)
        {
            SpanRecord span = SpanRecord.Of(activity);
            _ = output.Write(_source, span.IsComplete ? new LogBatch(context, [], [span], 0) : LogBatch.Loss(context, 1));
        }
    }
}
