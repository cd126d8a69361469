using System.Globalization;
using Mitogen.Connections;
using Mitogen.Processes;

namespace Mitogen.Starting;

/// <summary>Says why a context did not come up.</summary>
/// <param name="attempt">The try of its start.</param>
/// <param name="child">The context; its carrier has been ended.</param>
/// <param name="standing">The text that stood without an end of line when it was given up; perhaps a question.</param>
internal sealed class StartFailure(StartAttempt attempt, ConnectedChild child, string? standing)
{
    private readonly Connection _connection = attempt.Start.Connection;
    private readonly StartWatch _watch = attempt.Watch;

    private ChildExit Exit => child.Carrier.Exited is { IsCompletedSuccessfully: true } exited ? exited.Result : default;

    /// <param name="error">The exception that the wait for it ended with.</param>
    /// <param name="cancellationToken">Gives up finding out more.</param>
    public async Task<LaunchProblem> DescribeAsync(Exception error, CancellationToken cancellationToken)
    {
        if (error is StartRefusedException refused)
        {
            return refused.Problem;
        }

        if (error is ProtocolBrokenException)
        {
            return new(BootstrapReason.NotAContext, $"What came back is not a context's hello. {error.Message}");
        }

        bool hasEnded = Exit.Code is not null && !child.HasSpoken && error is not OperationCanceledException;

        // Words count as the tool's only until the other side has spoken.
        IReadOnlyList<string> last = child.HasSpoken ? [] : child.Carrier.LastStderrLines;
        LaunchEnd end = new(Exit, child.HasSpoken ? [] : attempt.Way.Interview?.Lines ?? last)
        {
            Last = last,
            Given = attempt.Way.Interview?.Given ?? [],
            Output = child.HasSpoken ? [] : child.NoiseLines,
            HasEnded = hasEnded,
            WasSilent = hasEnded && child.LastLines.Count == 0,
        };
        return await attempt.Way.ExplainAsync(end, cancellationToken).ConfigureAwait(false)
            ?? (error is OperationCanceledException ? TimedOut() : RuntimeWords.Explain(child.Carrier.LastStderrLines) ?? Ended());
    }

    private LaunchProblem Ended() =>
        child.HasNoise && child.Report is null ? new(
            BootstrapReason.NotAContext,
            $"Something else than our shell answered: a forced command, a menu, or a file of the login shell that ends it? {attempt.Way.Process} {Exit}.")
        : child.Carrier.Exited is null ? new(
            BootstrapReason.ExitedEarly, "The stream ended before a context was up: is it closed, or used by another context?")
        : new(BootstrapReason.ExitedEarly, $"{attempt.Way.Process} {Exit} before a context was up.");

    private LaunchProblem TimedOut() =>
        _watch.LastSent is { IsTaken: false } sent ? new(BootstrapReason.TimedOut, TooSlow(sent))
        : child.HasSaidHello ? new(
            BootstrapReason.TimedOut,
            "It said hello, but was not ready " + (_watch is { IsOnItsWay: true, LastSent: { } code }
                ? $"in the {Seconds(code.Since)} after the line had taken {code.What} ({Size(code.Total)}): either that takes fewer bytes per second " +
                    "than Connection.MinimumRate expects, or a module initializer hangs."
                : $"within {_connection.ConnectTimeout}: does a module initializer hang?"))
        : child.Report is null && standing is not null ? new(
            BootstrapReason.TimedOut, $"No hello came within {_connection.ConnectTimeout}. It said last: '{standing}', which may be a question that no option answers.")
        : child.Report is null && child.HasNoise ? new(
            BootstrapReason.NotAContext, $"What came back within {_connection.ConnectTimeout} is not a context's hello.")
        : child.Report is not null && _watch.LastSent is { } executable ? new(
            BootstrapReason.TimedOut,
            $"A shell answered, and the line took {executable.What} ({Size(executable.Total)}), but no hello came in the {Seconds(executable.Since)} after that. " +
            "If the line is slower than Connection.MinimumRate, set a lower one; else see what keeps the program from starting there.")
        : child.Report is not null ? new(
            BootstrapReason.TimedOut,
            $"A shell answered, but what it is to run did not come from the parent within {_connection.ConnectTimeout}. Connection.ConnectTimeout sets the time.")
        : new(BootstrapReason.TimedOut, $"Nothing that is ours answered within {_connection.ConnectTimeout}. If the way is open, does a file of the login shell wait for something " +
            "(read, exec, tmux)? Connection.ConnectTimeout sets the time.");

    private string TooSlow(SentPart sent)
    {
        string rate = sent.Time > TimeSpan.Zero ? $" ({Size((long)(sent.Taken / sent.Time.TotalSeconds))} per second)" : "";
        string remedy = _watch.TookTooLong
            ? $"The start had {_connection.StartTimeout} in all: Connection.StartTimeout sets it. A smaller executable, or Connection.CacheExecutable, needs less."
            : $"That is no progress for Connection.ConnectTimeout ({_connection.ConnectTimeout}) at Connection.MinimumRate ({Size(_connection.MinimumRate)} per " +
                "second): is the line cut? If it is only that slow, set a lower rate.";
        return $"Of {sent.What}, the line took {Size(sent.Taken)} of {Size(sent.Total)} in {Seconds(sent.Time)}{rate}" +
            (sent.Since < TimeSpan.FromSeconds(1) ? "" : $", and nothing in the {Seconds(sent.Since)} after that") + $". {remedy}";
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private static string Size(long bytes) => bytes >= 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB");
}
