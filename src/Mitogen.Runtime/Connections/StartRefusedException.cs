namespace Mitogen.Connections;

/// <summary>A start that cannot go on, for a reason that this side or the stages on the other side found.</summary>
internal sealed class StartRefusedException(LaunchProblem problem, Exception? inner = null) : Exception(problem.Message, inner)
{
    public LaunchProblem Problem => problem;
}
