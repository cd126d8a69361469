using Mitogen.Connections;

namespace Mitogen.Contexts;

/// <summary>One start of a context: who starts which one, how, and the words in which it fails.</summary>
/// <param name="Node">The context that starts it.</param>
/// <param name="Connection">The way to it.</param>
/// <param name="Handle">The new context.</param>
/// <param name="Id">The new context's id.</param>
internal sealed record ContextStart(ContextNode Node, Connection Connection, ContextHandle Handle, uint Id)
{
    /// <summary>The failure of this start.</summary>
    /// <param name="problem">The reason, and what to do about it.</param>
    /// <param name="lastLines">The last lines that were printed on the way.</param>
    /// <param name="inner">The cause, if it was an exception.</param>
    public BootstrapException Failure(LaunchProblem problem, IReadOnlyList<string>? lastLines = null, Exception? inner = null) =>
        Handle.StartFailure(Node.Path, problem, lastLines, inner);
}
