using Mitogen.Connections;
using Mitogen.Processes;

namespace Mitogen.Starting;

/// <summary>The way of a connection that opens it itself; a shell waits at its end.</summary>
internal sealed class CarriedWay(CarriedConnection connection, ExecutableChoice executables, byte[] nonce, StartWatch watch) : Way
{
    // The time that a connection has to let go of what it had opened when it was given up: then nothing is left when the start has failed.
    private static readonly TimeSpan s_endTime = TimeSpan.FromSeconds(3);

    public override string Process => "The other end of the stream";

    public override bool IsNear => false;

    public override Func<TargetReport, CancellationToken, Task<SecondStage>> Choose =>
        (report, cancellationToken) => executables.ChooseAsync(report, nonce, IsNear, cancellationToken);

    public override async Task<ICarrier> OpenAsync(Action<string> onLine, Typist typist, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Over);
        ErrorLines errors = new(onLine);
        string command = StageScripts.FirstInAnyShell(HelloScanner.MarkerOf(nonce));

        // On another thread, for the case that it blocks: the time goes on all the same.
        Task<Carrier> opening = Task.Run(() => connection.OpenWayAsync(command, errors, timeout.Token), CancellationToken.None);
        await ((Task)opening).WaitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (timeout.IsCancellationRequested)
        {
            await ((Task)opening).WaitAsync(s_endTime, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ = DiscardAsync(opening, errors);
            cancellationToken.ThrowIfCancellationRequested();
            throw new StartRefusedException(
                new(BootstrapReason.TimedOut, $"It was not open within {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time."));
        }

        try
        {
            Carrier carrier = await opening.ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{connection.GetType().Name} gave nothing that carries it.");
            watch.Advance();
            return new CheckedCarrier(carrier, errors);
        }
        catch (Exception e) when (e is not (StartRefusedException or ArgumentException))
        {
            throw new StartRefusedException(new(BootstrapReason.ExitedEarly, $"It could not be opened: {e.Message}"), e);
        }
        finally
        {
            if (opening is not { IsCompletedSuccessfully: true, Result: not null })
            {
                await errors.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public override Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken)
    {
        LaunchProblem? problem = end.HasEnded ? RuntimeWords.Explain(end.Last) : null;
        try
        {
            return Task.FromResult(problem ?? connection.ExplainEnd(end));
        }
#pragma warning disable CA1031 // its code is not the runtime's, and what failed is the start
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Task.FromResult<LaunchProblem?>(new(
                BootstrapReason.ExitedEarly, $"No context came up, and {connection.GetType().Name} failed to explain that: {e.Message}"));
        }
    }

    public override DisconnectReason Tell(CarrierEnd end) => end.AsItsOwn();

    private static async Task DiscardAsync(Task<Carrier> opening, ErrorLines errors)
    {
#pragma warning disable CA1031 // the start has failed, and nobody waits for this any more
        try
        {
            if (await opening.ConfigureAwait(false) is { } late)
            {
                await new CheckedCarrier(late, errors).EndAsync(TimeSpan.Zero).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // As above.
        }
#pragma warning restore CA1031
    }
}
