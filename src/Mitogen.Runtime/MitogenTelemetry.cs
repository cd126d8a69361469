using Mitogen.Telemetry;

namespace Mitogen;

/// <summary>The names under which a program listens to the library: <c>AddSource(MitogenTelemetry.SourceName)</c> and <c>AddMeter(MitogenTelemetry.MeterName)</c> of OpenTelemetry.</summary>
/// <remarks>
/// The root's process is the one to listen in. The spans of other contexts come to it and are told to its listeners, by the names of their own sources;
/// so the sources of one's own services are to be added too.
/// </remarks>
public static class MitogenTelemetry
{
    /// <summary>The <see cref="System.Diagnostics.ActivitySource"/> of calls and of the starts of contexts.</summary>
    public const string SourceName = Instruments.Name;

    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/> of calls, starts and contexts.</summary>
    public const string MeterName = Instruments.Name;
}
