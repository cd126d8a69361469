using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mitogen.CompilerServices;

namespace Mitogen.Telemetry;

/// <summary>What is measured of one call, at its caller or at its callee. There is one only where somebody listens.</summary>
/// <remarks>It belongs to whoever has the call. It ends once; what comes later is ignored.</remarks>
internal sealed class CallSpan
{
    /// <summary>The attribute that names the context whose span it is.</summary>
    public const string ContextTag = "mitogen.context";

    private readonly Activity? _activity;
    private readonly Activity? _propagated;
    private readonly Histogram<double> _duration;
    private readonly TagList _tags;
    private readonly Action<Exception> _onFailure;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _hasEnded;

    private CallSpan(Activity? activity, Activity? propagated, Histogram<double> duration, in TagList tags, Action<Exception> onFailure)
    {
        _activity = activity;
        _propagated = propagated;
        _duration = duration;
        _tags = tags;
        _onFailure = onFailure;
    }

    /// <summary>A call is made. The code that makes it sees nothing of its span.</summary>
    /// <param name="method">The method's full name.</param>
    /// <param name="callee">The path of the context that is called.</param>
    /// <param name="onFailure">Is told what a listener throws at the end of the call, which nobody else is to hear.</param>
    /// <returns><see langword="null"/> where nobody listens.</returns>
    public static CallSpan? BeginOutgoing(string method, string callee, Action<Exception> onFailure)
    {
        bool isTraced = Instruments.Source.HasListeners();
        if (!isTraced && !Instruments.ClientDuration.Enabled)
        {
            return null;
        }

        TagList tags = Tags(method);
        tags.Add("server.address", callee);
        Activity? outer = Activity.Current;
        Activity? activity = isTraced ? Instruments.Source.StartActivity(method, ActivityKind.Client, default(ActivityContext), tags) : null;
        Activity.Current = outer;
        return new CallSpan(activity, isTraced ? activity ?? outer : null, Instruments.ClientDuration, tags, onFailure);
    }

    /// <summary>A method begins to serve a call, and sees the span as the current one.</summary>
    /// <param name="method">The method's full name.</param>
    /// <param name="context">The path of this context.</param>
    /// <param name="fields">What came with the call; <see langword="null"/>: nothing.</param>
    /// <param name="onFailure">Is told what a listener throws at the end of the call.</param>
    /// <returns><see langword="null"/> where nobody listens.</returns>
    public static CallSpan? BeginIncoming(string method, string context, TraceFields? fields, Action<Exception> onFailure)
    {
        bool isTraced = Instruments.Source.HasListeners();
        if (!isTraced && !Instruments.ServerDuration.Enabled)
        {
            return null;
        }

        TagList tags = Tags(method);
        Activity? activity = isTraced ? Start(method, fields, tags) : null;
        _ = activity?.SetTag(ContextTag, context);
        return new CallSpan(activity, null, Instruments.ServerDuration, tags, onFailure);
    }

    /// <summary>Writes the trace context before the arguments.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryWriteTo(CallBuffer arguments) => _propagated is not null && TraceFields.TryWrite(_propagated, arguments);

    /// <summary>The call has ended. Nothing is thrown: the call goes on to its caller.</summary>
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
            _onFailure(e);
        }
#pragma warning restore CA1031
    }

    private static TagList Tags(string method) => new() { { "rpc.system.name", Instruments.System }, { "rpc.method", method } };

    private void Measure(Exception? error, bool isOwn)
    {
        string? type = error is RemoteCallException { RemoteType: { Length: > 0 } remote } ? remote : error?.GetType().FullName;
        if (_duration.Enabled)
        {
            TagList tags = _tags;
            if (type is not null)
            {
                tags.Add("error.type", type);
            }

            _duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
        }

        if (_activity is null)
        {
            return;
        }

        if (error is not null)
        {
            _ = _activity.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, error.Message);
            if (isOwn)
            {
                _ = _activity.AddException(error);
            }
        }

        // Whoever ends it has a current span of its own, or none.
        Activity? outer = Activity.Current;
        _activity.Stop();
        Activity.Current = outer;
    }

    private static Activity? Start(string method, TraceFields? fields, in TagList tags)
    {
        ActivityContext parent = default;
        if (fields is null || !fields.TryGetParent(out parent))
        {
            return Instruments.Source.StartActivity(method, ActivityKind.Server, default(ActivityContext), tags);
        }

        Activity? activity = Instruments.Source.StartActivity(method, ActivityKind.Server, parent, tags);
        if (activity is not null)
        {
            fields.AddBaggageTo(activity);
        }

        return activity;
    }
}
