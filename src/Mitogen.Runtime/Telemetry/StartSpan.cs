using System.Diagnostics;

namespace Mitogen.Telemetry;

/// <summary>What is measured of the start of a context. There is one only where somebody listens.</summary>
internal sealed class StartSpan
{
    private readonly Activity? _activity;
    private readonly TagList _tags;
    private readonly long _start = Stopwatch.GetTimestamp();

    private StartSpan(Activity? activity, in TagList tags)
    {
        _activity = activity;
        _tags = tags;
    }

    /// <summary>A start begins. The rest of the calling method, if that is asynchronous, is a part of the span.</summary>
    /// <param name="context">The path of the new context.</param>
    /// <param name="connection">The kind of the connection.</param>
    /// <returns><see langword="null"/> where nobody listens.</returns>
    public static StartSpan? Begin(string context, string connection)
    {
        if (!Tracing.IsOn || !(Instruments.Source.HasListeners() || Instruments.StartDuration.Enabled))
        {
            return null;
        }

        TagList tags = new() { { "mitogen.connection", connection } };
        Activity? activity = Instruments.Source.StartActivity($"connect {connection}", ActivityKind.Internal, default(ActivityContext), tags);
        _ = activity?.SetTag("server.address", context);
        return new StartSpan(activity, tags);
    }

    /// <summary>The start has ended.</summary>
    /// <param name="error">Why it failed; <see langword="null"/>: the context is up.</param>
    public void End(Exception? error)
    {
        string? type = error is BootstrapException failure ? $"{failure.Reason}" : error?.GetType().FullName;
        TagList tags = _tags;
        if (type is not null)
        {
            tags.Add("error.type", type);
            _ = _activity?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, error!.Message);
        }

        Instruments.StartDuration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
        _activity?.Stop();
    }
}
