
using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>The start of a context by a tool that brings a shell to life, and the questions that the tool asks on the way.</summary>
internal sealed class ToolLaunch(Tool tool, PayloadChoice payloads, byte[] nonce) : Launch
{
    private readonly Interview _interview = new(tool);

    public override string File => tool.File;

    public override IReadOnlyList<string> Arguments { get; } = tool.Arguments(StageScripts.First(HelloScanner.MarkerOf(nonce)));

    public override IReadOnlyDictionary<string, string?> Environment => tool.Environment;

    public override bool NeedsTerminal => tool.NeedsTerminal;

    public override bool IsNear => tool.IsNear;

    public override string Remedy => tool.Remedy;

    public override Func<TargetReport, CancellationToken, Task<SecondStage>> Choose =>
        (report, cancellationToken) => payloads.ChooseAsync(report, nonce, tool.IsNear, cancellationToken);

    public override Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => tool.ExplainAsync(end, cancellationToken);

    public override DisconnectReason Tell(CarrierEnd end) => tool.Tell(end);

    public override string? Show(string line) => tool.Show(line);

    public override bool Hear(string line) => _interview.Hear(line);

    public override void EndQuestions() => _interview.End();

    public override Secret? Answer(Asked asked) => _interview.Answer(asked);
}
