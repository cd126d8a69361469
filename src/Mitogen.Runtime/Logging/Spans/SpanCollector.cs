using System.Diagnostics;

namespace Mitogen.Logging;

/// <summary>
/// Sends the spans of a started context home, of whatever source: those that are parts of a trace which is recorded where the calls come from. A context
/// begins no trace of its own, and what nobody asked for costs nothing.
/// </summary>
internal static class SpanCollector
{
    /// <summary>Collects from now on, to the end of the process.</summary>
    /// <param name="context">The context's path.</param>
    /// <param name="output">Where the spans go.</param>
    public static void Start(string context, ILogOutput output)
    {
        LogSource source = LogSource.Own(context);
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) => Sample(options.Parent),
            ActivityStopped = activity =>
            {
                if (activity is { Recorded: true, IdFormat: ActivityIdFormat.W3C } && activity.ParentSpanId != default)
                {
                    _ = output.Write(source, new LogBatch(context, [], [SpanRecord.Of(activity)], 0));
                }
            },
        });
    }

    private static ActivitySamplingResult Sample(in ActivityContext parent) =>
        parent == default ? ActivitySamplingResult.None
        : (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0 ? ActivitySamplingResult.AllDataAndRecorded
        : ActivitySamplingResult.PropagationData;
}
