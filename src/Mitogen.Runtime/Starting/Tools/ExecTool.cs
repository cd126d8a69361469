using Mitogen.Connections;

namespace Mitogen.Starting.Tools;

/// <summary>A command of the user's own, which takes the shell's words as its last arguments.</summary>
internal sealed class ExecTool(ExecConnection connection) : Tool
{
    public override string File => connection.Command[0];

    // Nobody knows.
    public override bool IsNear => false;

    public override IReadOnlyList<string> Arguments(string script) => [.. connection.Command.Skip(1), "sh", "-c", script];

    public override LaunchProblem? Explain(LaunchEnd end) => null;
}
