using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mitogen.CompilerServices;

namespace Mitogen.Telemetry;

/// <summary>What is measured of one call, at its caller or at its callee.</summary>
/// <remarks>It belongs to whoever has the call.</remarks>
internal sealed class CallSpan : MeasuredSpan
{
    /// <summary>The attribute that names the context whose span it is.</summary>
    public const string ContextTag = "mitogen.context";

    private readonly Activity? _propagated;

    private CallSpan(Activity? activity, Activity? propagated, Histogram<double> duration, in TagList tags, Action<Exception> onFailure)
        : base(activity, duration, tags, onFailure) => _propagated = propagated;

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

    protected override string? TypeOf(Exception error) => error is RemoteCallException { RemoteType: { Length: > 0 } remote } ? remote : base.TypeOf(error);

    private static TagList Tags(string method) => new() { { "rpc.system.name", Instruments.System }, { "rpc.method", method } };

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
