using Microsoft.Extensions.Logging;
using Mitogen;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TelemetrySample;

/// <summary>
/// Exports the spans, metrics and logs of all contexts from this one process: to a collector where OTEL_EXPORTER_OTLP_ENDPOINT names one, else to the
/// terminal. The other contexts need no exporter, and no way to a collector.
/// </summary>
internal static class Exporters
{
    private static readonly bool s_hasCollector = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };
    private static readonly ResourceBuilder s_resource = ResourceBuilder.CreateDefault().AddService("telemetry-sample");
    private static TracerProvider? s_tracer;
    private static MeterProvider? s_meter;

    public static ILoggerFactory Loggers { get; } = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
    {
        options.IncludeScopes = true;
        options.SetResourceBuilder(s_resource);
        _ = s_hasCollector ? options.AddOtlpExporter() : options.AddConsoleExporter();
    }));

    /// <summary>Begins to listen.</summary>
    public static void Start()
    {
        TracerProviderBuilder tracing = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(s_resource)
            .AddSource(MitogenTelemetry.SourceName, Installer.SourceName);
        s_tracer = (s_hasCollector ? tracing.AddOtlpExporter() : tracing.AddConsoleExporter()).Build();
        MeterProviderBuilder metering = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(s_resource)
            .AddMeter(MitogenTelemetry.MeterName);
        s_meter = (s_hasCollector ? metering.AddOtlpExporter() : metering.AddConsoleExporter()).Build();
    }

    /// <summary>Sends the rest.</summary>
    public static void Stop()
    {
        s_tracer?.Dispose();
        s_meter?.Dispose();
        Loggers.Dispose();
    }
}
