using System.Globalization;
using Mitogen.Bootstrap;
using Mitogen.Lifetime;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Says why a context did not come up.</summary>
internal static class StartFailure
{
    /// <param name="node">Who started it.</param>
    /// <param name="connection">How.</param>
    /// <param name="handle">The handle of the context that did not come up.</param>
    /// <param name="launch">The command that was to start it.</param>
    /// <param name="child">Its carrier has been ended.</param>
    /// <param name="standing">The text that stood without an end of line when it was given up; perhaps a question.</param>
    /// <param name="watch">The time that it had.</param>
    /// <param name="error">The exception that the wait for it ended with.</param>
    /// <param name="cancellationToken">Gives up finding out more.</param>
    public static async Task<BootstrapException> DescribeAsync(
        ContextNode node, Connection connection, ContextHandle handle, Launch launch, ConnectedChild child, string? standing,
        StartWatch watch, Exception error, CancellationToken cancellationToken)
    {
        // Words count as the tool's only until the other side has spoken.
        LaunchEnd end = new(ExitOf(child), child.HasSpoken ? [] : child.Carrier.LastStderrLines)
        {
            Output = child.HasSpoken ? [] : child.NoiseLines,
            WasSilent = ExitOf(child).Code is not null && !child.HasSpoken && child.LastLines.Count == 0,
        };
        (BootstrapReason reason, string detail) = error is StartRefusedException refused ? refused.Problem
            : error is OperationCanceledException ? await launch.ExplainAsync(end, cancellationToken).ConfigureAwait(false) ?? TimedOut(connection, child, standing, watch)
            : error is ProtocolViolationException ? new(
                BootstrapReason.NotAContext, $"What came back is not a context's hello. {error.Message}")
            : await launch.ExplainAsync(end, cancellationToken).ConfigureAwait(false) is { } problem ? problem
            : RuntimeWords.Explain(child.Carrier.LastStderrLines) is { } missing ? missing
            : child.HasNoise && child.Report is null ? new(
                BootstrapReason.NotAContext, $"What came back is not a context's hello. The process {ExitOf(child)}.")
            : new(BootstrapReason.ExitedEarly, $"The process {ExitOf(child)} before it said hello.");
        return new BootstrapException(reason, handle.Name, node.Path, detail, child.LastLines, error);
    }

    private static LaunchProblem TimedOut(Connection connection, ConnectedChild child, string? standing, StartWatch watch) =>
        watch.LastSent is { IsTaken: false } sent ? new(BootstrapReason.TimedOut, TooSlow(connection, sent, watch.TookTooLong))
        : child.HasSaidHello ? new(
            BootstrapReason.TimedOut,
            "It said hello, but was not ready " + (watch is { IsOnItsWay: true, LastSent: { } code }
                ? $"in the {Seconds(code.Since)} after the line had taken {code.What} ({Size(code.Total)}): either that takes fewer bytes per second " +
                    "than Connection.MinimumRate expects, or a module initializer hangs."
                : $"within {connection.ConnectTimeout}: does a module initializer hang?"))
        : child.Report is null && standing is not null ? new(
            BootstrapReason.TimedOut, $"No hello came within {connection.ConnectTimeout}. It said last: '{standing}', which may be a question that no option answers.")
        : child.Report is null && child.HasNoise ? new(
            BootstrapReason.NotAContext, $"What came back within {connection.ConnectTimeout} is not a context's hello.")
        : child.Report is not null && watch.LastSent is { } payload ? new(
            BootstrapReason.TimedOut,
            $"A shell answered, and the line took {payload.What} ({Size(payload.Total)}), but no hello came in the {Seconds(payload.Since)} after that. " +
            "If the line is slower than Connection.MinimumRate, set a lower one; else see what keeps the program from starting there.")
        : child.Report is not null ? new(
            BootstrapReason.TimedOut,
            $"A shell answered, but what it is to run did not come from the parent within {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time.")
        : new(BootstrapReason.TimedOut, $"No hello came within {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time.");

    private static string TooSlow(Connection connection, SentPart sent, bool tookTooLong)
    {
        string rate = sent.Time > TimeSpan.Zero ? $" ({Size((long)(sent.Taken / sent.Time.TotalSeconds))} per second)" : "";
        string remedy = tookTooLong
            ? $"The start had {connection.StartTimeout} in all: Connection.StartTimeout sets it. A smaller payload, or Connection.CachePayload, needs less."
            : $"That is no progress for Connection.ConnectTimeout ({connection.ConnectTimeout}) at Connection.MinimumRate ({Size(connection.MinimumRate)} per " +
                "second): is the line cut? If it is only that slow, set a lower rate.";
        return $"Of {sent.What}, the line took {Size(sent.Taken)} of {Size(sent.Total)} in {Seconds(sent.Time)}{rate}, and nothing in the {Seconds(sent.Since)} " +
            $"after that. {remedy}";
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private static string Size(long bytes) => bytes >= 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB");

    private static ChildExit ExitOf(ConnectedChild child) =>
        child.Carrier.Exited is { IsCompletedSuccessfully: true } exited ? exited.Result : default;
}
