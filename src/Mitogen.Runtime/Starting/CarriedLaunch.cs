
using Mitogen.Connections;

namespace Mitogen.Starting;

/// <summary>The start of a context behind a carrier that is not a tool's process; its one argument is the shell's command.</summary>
internal sealed class CarriedLaunch(CarriedConnection connection, PayloadChoice payloads, byte[] nonce) : Launch
{
    public override string File => "";

    public override bool IsNear => false;

    public override IReadOnlyList<string> Arguments { get; } = [StageScripts.FirstInAnyShell(HelloScanner.MarkerOf(nonce))];

    public override Func<TargetReport, CancellationToken, Task<SecondStage>> Choose =>
        (report, cancellationToken) => payloads.ChooseAsync(report, nonce, IsNear, cancellationToken);

    public override Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => Task.FromResult(connection.Explain(end));
}
