using Mitogen.Contexts;
using Mitogen.Logging;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>A real context without a process. Its links are in memory, or in the hands of a test.</summary>
internal sealed class TreeNode : ILogOutput, IDisposable
{
    /// <param name="options">Makes the options, which have the node's own output.</param>
    public TreeNode(Func<ILogOutput, NodeOptions> options) => Node = new ContextNode(options(this));

    public ContextNode Node { get; }

    public uint Id => Node.Options.Id;

    /// <summary>The log records that came here.</summary>
    public List<LogBatch> Logged { get; } = [];

    public void Dispose() => Node.EndSelfAsync(new DisconnectReason(DisconnectKind.Disposed, "It was disposed.")).Wait();

    Task ILogOutput.Write(in LogSource source, LogBatch batch)
    {
        Logged.Add(batch);
        return Task.CompletedTask;
    }
}
