using Mitogen.Connections;
using Mitogen.Contexts;
using Mitogen.Executables;

namespace Mitogen.Starting;

/// <summary>Starts contexts: on this machine, or by a tool that reaches another place.</summary>
/// <param name="program">The program that they run.</param>
/// <param name="time">The clock of their starts. Default: the system's.</param>
/// <param name="random">Spreads what is tried again. Default: one that nobody can foresee.</param>
internal sealed class Connector(Program program, TimeProvider? time = null, Random? random = null) : IConnector
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private SendingTurns? _turns;

    public NativeExecutables Executables => program.Executables;

    public async Task<ChildContext> StartAsync(ContextStart start, CancellationToken cancellationToken)
    {
        SendingTurns turns = LazyInitializer.EnsureInitialized(ref _turns, () => new SendingTurns(start.Node.Hub.Options.MaxConcurrentUploads, _time));
        using StartWatch watch = new(start.Connection, turns, _time);
        StartRetries retries = new(watch, random ?? Random.Shared);
        while (true)
        {
            BootstrapException failure;
            try
            {
                using StartAttempt attempt = new(start, program, watch);
                return await attempt.RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (BootstrapException e) when (e.Reason == BootstrapReason.Busy)
            {
                failure = e;
            }

            if (retries.Next() is not { } pause)
            {
                throw start.Failure(
                    new LaunchProblem(failure.Reason, $"{failure.Detail} It was tried {retries.Tries} times."), failure.LastLines, failure.InnerException);
            }

            Log.StartRepeated(start.Node.Logger, start.Handle.Path, pause, failure.Detail);
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }
}
