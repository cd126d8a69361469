using Mitogen.Connections;
using Mitogen.Processes;

namespace Mitogen.Starting.Tools;

/// <summary>The way of a tool that brings a shell to life, with the questions that the tool asks.</summary>
internal sealed class ToolWay(Tool tool, ExecutableChoice executables, byte[] nonce) : Way
{
    public override string Process => $"'{tool.File}'";

    public override bool IsNear => tool.IsNear;

    public override Interview Interview { get; } = new(tool);

    public override Func<TargetReport, CancellationToken, Task<SecondStage>> Choose =>
        (report, cancellationToken) => executables.ChooseAsync(report, nonce, tool.IsNear, cancellationToken);

    public override Task<ICarrier> OpenAsync(Action<string> onLine, Typist typist, CancellationToken cancellationToken)
    {
        ChildProcess process = ProcessStart.Run(
            new ChildProcessOptions
            {
                FileName = tool.File,
                Arguments = [tool.File, .. tool.Arguments(StageScripts.First(HelloScanner.MarkerOf(nonce)))],
                Environment = tool.Environment,
                Streams = ChildStreams.Sockets,
                Terminal = tool.NeedsTerminal,
                Prompt = typist.OnPrompt,
                StderrLine = onLine,
            },
            tool.Remedy);
        typist.Attach(process);
        return Task.FromResult<ICarrier>(process);
    }

    public override Task<LaunchProblem?> ExplainAsync(LaunchEnd end, CancellationToken cancellationToken) => tool.ExplainAsync(end, cancellationToken);

    public override DisconnectReason Tell(CarrierEnd end) => tool.Tell(end);

    public override string? Show(string line) => tool.Show(line);
}
