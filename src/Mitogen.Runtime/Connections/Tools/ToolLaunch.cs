using Mitogen.Bootstrap;

namespace Mitogen.Connections.Tools;

/// <summary>The start of a context by a tool that brings a shell to life, and the questions that the tool asks on the way.</summary>
internal sealed class ToolLaunch(Tool tool, PayloadChoice payloads, byte[] nonce) : Launch
{
    private readonly Lock _lock = new();

    // Under _lock: what was answered already, and whether a shell has spoken: whatever stands on standard error then is no question
    // to us any more, and what is typed then would be the link's.
    private readonly HashSet<string> _answered = [];
    private bool _isOver;

    public override string File => tool.File;

    public override IReadOnlyList<string> Arguments { get; } = tool.Arguments(StageScripts.First(HelloScanner.MarkerOf(nonce)));

    public override IReadOnlyDictionary<string, string?> Environment => tool.Environment;

    public override bool NeedsTerminal => tool.NeedsTerminal;

    public override string Remedy => tool.Remedy;

    public override Func<TargetReport, CancellationToken, Task<SecondStage>> Choose => (report, cancellationToken) =>
    {
        lock (_lock)
        {
            _isOver = true;
        }

        return payloads.ChooseAsync(report, nonce, tool.IsNear, cancellationToken);
    };

    public override LaunchProblem? Explain(LaunchEnd end) => tool.Explain(end);

    public override string? Show(string line) => tool.Show(line);

    /// <summary>The answer to a question that stands unterminated on the tool's standard error or terminal.</summary>
    /// <returns>What to type; <see langword="null"/> if it is no question.</returns>
    /// <exception cref="StartRefusedException">There is no answer to it, or it was given already.</exception>
    public override Secret? Answer(string tail, bool isSecret)
    {
        lock (_lock)
        {
            if (_isOver || tool.Asks(tail, isSecret) is not { } question)
            {
                return null;
            }

            if (question.Answer is null)
            {
                throw new StartRefusedException(new(
                    BootstrapReason.PasswordRequired, $"{tool.File} asks for {question.What}: set {question.Option}."));
            }

            return _answered.Add(question.What) ? question.Answer
                : tool.AsksOnce ? null
                : throw new StartRefusedException(new(
                    BootstrapReason.PasswordWrong, $"{tool.File} asks for {question.What} again: {question.Option} is not right."));
        }
    }
}
