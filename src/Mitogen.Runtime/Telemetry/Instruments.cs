using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mitogen.Telemetry;

/// <summary>The source of spans and the meter of this process. The names are those of OpenTelemetry's conventions for RPC, version 1.45.</summary>
internal static class Instruments
{
    public const string Name = "Mitogen";

    /// <summary>The value of <c>rpc.system.name</c>.</summary>
    public const string System = "mitogen";

    private static readonly Meter s_meter = CreateMeter();

    // The bounds that the conventions recommend for the duration of calls, in seconds.
    private static readonly InstrumentAdvice<double> s_durations = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    public static ActivitySource Source { get; } = new(Name, Version);

    /// <summary>How long calls of this process took, until their answers came.</summary>
    public static Histogram<double> ClientDuration { get; } = s_meter.CreateHistogram(
        "rpc.client.call.duration", "s", "Duration of outgoing calls.", null, s_durations);

    /// <summary>How long calls took that this process served.</summary>
    public static Histogram<double> ServerDuration { get; } = s_meter.CreateHistogram(
        "rpc.server.call.duration", "s", "Duration of incoming calls.", null, s_durations);

    /// <summary>How long contexts took to come up, or to fail.</summary>
    public static Histogram<double> StartDuration { get; } = s_meter.CreateHistogram(
        "mitogen.context.start.duration", "s", "Duration of the starts of contexts.", null, s_durations);

    private static Meter CreateMeter()
    {
        Meter meter = new(Name, Version);
        _ = meter.CreateObservableUpDownCounter(
            "mitogen.contexts", static () => Tracing.Contexts, "{context}", "Contexts that were started from this process, and live.");
        return meter;
    }

    private static string Version => typeof(Instruments).Assembly.GetName().Version!.ToString(3);
}
