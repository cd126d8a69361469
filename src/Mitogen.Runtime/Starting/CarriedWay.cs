using Mitogen.Connections;
using Mitogen.Processes;

namespace Mitogen.Starting;

/// <summary>The way of a connection that opens it itself; a shell waits at its end.</summary>
internal sealed class CarriedWay(CarriedConnection connection, ExecutableChoice executables, byte[] nonce, StartWatch watch) : Way
{
    public override string Process => "The other end of the stream";

    public override bool IsNear => false;

    public override Func<TargetReport, CancellationToken, Task<SecondStage>> Choose =>
        (report, cancellationToken) => executables.ChooseAsync(report, nonce, IsNear, cancellationToken);

    public override async Task<ICarrier> OpenAsync(Action<string> onLine, Typist typist, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Over);
        try
        {
            string command = StageScripts.FirstInAnyShell(HelloScanner.MarkerOf(nonce));
            ICarrier carrier = await connection.OpenAsync(command, onLine, timeout.Token).ConfigureAwait(false);
            watch.Advance();
            return carrier;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StartRefusedException(
                new(BootstrapReason.TimedOut, $"It was not open within {connection.ConnectTimeout}. Connection.ConnectTimeout sets the time."), e);
        }
        catch (IOException e)
        {
            throw new StartRefusedException(new(BootstrapReason.ExitedEarly, $"It could not be opened: {e.Message}"), e);
        }
    }

    public override Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult(connection.Explain(end));
}
