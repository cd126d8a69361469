using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mitogen.Telemetry;

/// <summary>Work that is a span and has a duration. There is one only where somebody listens.</summary>
/// <remarks>It ends once; what comes later is ignored.</remarks>
/// <param name="activity">The span; <see langword="null"/> where nobody records it.</param>
/// <param name="duration">The instrument.</param>
/// <param name="tags">The attributes of the measurement.</param>
/// <param name="onFailure">Is told what a listener throws at the end, which nobody else is to hear.</param>
internal abstract class MeasuredSpan(Activity? activity, Histogram<double> duration, in TagList tags, Action<Exception> onFailure)
{
    private readonly TagList _tags = tags;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _hasEnded;

    /// <summary>The work has ended. Nothing is thrown: it goes on to whoever waits for it.</summary>
    /// <param name="error">The exception that it failed with; <see langword="null"/>: it did not.</param>
    /// <param name="isOwn">Whether the exception was thrown here.</param>
    public void End(Exception? error, bool isOwn = false)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

#pragma warning disable CA1031 // the listeners are the user's
        try
        {
            Measure(error, isOwn);
        }
        catch (Exception e)
        {
            onFailure(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>The value of <c>error.type</c>.</summary>
    protected virtual string? TypeOf(Exception error) => error.GetType().FullName;

    private void Measure(Exception? error, bool isOwn)
    {
        string? type = error is null ? null : TypeOf(error);
        if (duration.Enabled)
        {
            TagList measured = _tags;
            if (type is not null)
            {
                measured.Add("error.type", type);
            }

            duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, measured);
        }

        if (activity is null)
        {
            return;
        }

        if (error is not null)
        {
            _ = activity.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, error.Message);
            if (isOwn)
            {
                _ = activity.AddException(error);
            }
        }

        // Whoever ends it has a current span of its own, or none.
        Activity? outer = Activity.Current;
        activity.Stop();
        Activity.Current = outer;
    }
}
