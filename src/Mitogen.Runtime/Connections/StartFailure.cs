using Mitogen.Bootstrap;
using Mitogen.Lifetime;
using Mitogen.Processes;

namespace Mitogen.Connections;

/// <summary>Says why a context did not come up.</summary>
internal static class StartFailure
{
    /// <param name="node">Who started it.</param>
    /// <param name="connection">How.</param>
    /// <param name="handle">What it was to be.</param>
    /// <param name="launch">The command that was to start it.</param>
    /// <param name="child">Its carrier has been ended.</param>
    /// <param name="standing">What stood without an end of line when it was given up; perhaps a question.</param>
    /// <param name="error">What the wait for it ended with.</param>
    /// <param name="cancellationToken">Gives up finding out more.</param>
    public static async Task<BootstrapException> DescribeAsync(
        ContextNode node, Connection connection, ContextHandle handle, Launch launch, ConnectedChild child, string? standing,
        Exception error, CancellationToken cancellationToken)
    {
        // Words count as the tool's only until the other side has spoken.
        LaunchEnd end = new(ExitOf(child), child.HasSpoken ? [] : child.Carrier.LastStderrLines)
        {
            Output = child.HasSpoken ? [] : child.NoiseLines,
        };
        (BootstrapReason reason, string detail) = error is StartRefusedException refused ? refused.Problem
            : error is OperationCanceledException ? await launch.ExplainAsync(end, cancellationToken).ConfigureAwait(false) ?? TimedOut(connection, child, standing)
            : error is ProtocolViolationException ? new(
                BootstrapReason.NotAContext, $"What came back is not a context's hello. {error.Message}")
            : await launch.ExplainAsync(end, cancellationToken).ConfigureAwait(false) is { } problem ? problem
            : child.HasNoise && child.Report is null ? new(
                BootstrapReason.NotAContext, $"What came back is not a context's hello. The process {ExitOf(child)}.")
            : new(BootstrapReason.ExitedEarly, $"The process {ExitOf(child)} before it said hello.");
        return new BootstrapException(reason, handle.Name, node.Path, detail, child.LastLines, error);
    }

    private static LaunchProblem TimedOut(Connection connection, ConnectedChild child, string? standing) =>
        child.Hello.IsCompletedSuccessfully ? new(
            BootstrapReason.TimedOut,
            $"It said hello, but the program's assemblies were not loaded within {connection.ConnectTimeout}: does a module initializer hang?")
        : child.Report is null && standing is not null ? new(
            BootstrapReason.TimedOut, $"No hello came within {connection.ConnectTimeout}. It said last: '{standing}', which may be a question that no option answers.")
        : child.Report is null && child.HasNoise ? new(
            BootstrapReason.NotAContext, $"What came back within {connection.ConnectTimeout} is not a context's hello.")
        : new(
            BootstrapReason.TimedOut,
            $"No hello came within {connection.ConnectTimeout}{(child.Report is null ? "" : ", though a shell answered")}. " +
            "Connection.ConnectTimeout sets the time.");

    private static ChildExit ExitOf(ConnectedChild child) =>
        child.Carrier.Exited is { IsCompletedSuccessfully: true } exited ? exited.Result : default;
}
