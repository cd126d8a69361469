using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Hosting;
using Mitogen.Import;
using Mitogen.Links;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Kit;

/// <summary>
/// Real contexts of one process, joined by links in memory that move by themselves. <see cref="SteppedLink"/> takes a link over, and moves
/// its frames when the test says so; <see cref="AttackedNode"/> has the test at the other end of one.
/// </summary>
internal sealed class NodeTree(KernelOptions? options = null, RemoteCatalog? catalog = null, ILoggerFactory? loggers = null) : IDisposable
{
    private readonly MemoryPump _pump = new();
    private readonly List<TreeNode> _nodes = [];
    private readonly Dictionary<TreeNode, (TreeNode Parent, Link Down, Link Up)> _joined = [];

    /// <summary>Makes a context, which serves when it is joined.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="ancestors">The contexts above it.</param>
    /// <param name="connector">Starts contexts for it.</param>
    public TreeNode Make(uint id, string name, IReadOnlyList<Ancestor> ancestors, IConnector? connector = null)
    {
        TreeNode node = new(output => new NodeOptions
        {
            Id = id,
            Name = name,
            Ancestors = ancestors,
            Catalog = catalog ?? RemoteCatalog.Default,
            Kernel = options ?? new KernelOptions(),
            Loggers = loggers ?? NullLoggerFactory.Instance,
            Info = ContextProcess.DescribeSelf(),
            Connector = connector ?? new InProcessConnector(_pump),
            Output = output,
        });
        _nodes.Add(node);
        return node;
    }

    /// <summary>Adds the root, or a child of a context.</summary>
    public TreeNode Add(TreeNode? parent, IConnector? connector = null)
    {
        uint id = (uint)_nodes.Count + 1;
        TreeNode node = Make(
            id, $"context-{id}", parent is null ? [] : [.. parent.Node.Options.Ancestors, new Ancestor(parent.Id, parent.Node.Options.Name)], connector);
        if (parent is not null)
        {
            Join(parent, node);
        }

        node.Node.Hub.Served.Start();
        return node;
    }

    /// <summary>The link of a context to its parent breaks.</summary>
    public void Cut(TreeNode child)
    {
        using HubLock locked = child.Node.Hub.Enter();
        locked.Kernel.LinkLost(_joined[child].Up, new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));
    }

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _pump.Dispose();
    }

    private void Join(TreeNode parent, TreeNode node)
    {
        Link up = new(LinkRole.Parent, parent.Id, parent.Node.Path);
        Child child = new(node.Id, new ContextHandle(parent.Node, parent.Node.Self, node.Node.Options.Name, node.Node.Path), node.Node.Self.Info);
        _joined.Add(node, (parent, child.Link, up));
        for (TreeNode at = parent; _joined.TryGetValue(at, out (TreeNode Parent, Link Down, Link Up) above); at = above.Parent)
        {
            above.Down.Leased.Add(new IdBlock(node.Id, 1));
        }

        _ = new MemoryLink(_pump, parent.Node.Hub, child.Link, node.Node.Hub, up, Throw);
        _ = new MemoryLink(_pump, node.Node.Hub, up, parent.Node.Hub, child.Link, Throw);
        using (HubLock locked = node.Node.Hub.Enter())
        {
            locked.Kernel.AddLink(up);
        }

        parent.Node.AddChild(child);
    }

    private static void Throw(Exception error) => throw new InvalidOperationException("A context broke the protocol.", error);

    private sealed class Child(uint id, ContextHandle handle, ContextInfo info) : ChildContext(id, handle, TimeSpan.Zero)
    {
        public override Link Link { get; } = new(LinkRole.Child, id, handle.Path);

        public override ContextInfo Info => info;

        public override IAssemblyProvider? Assemblies => null;

        public override Task EndAsync() => Task.CompletedTask;
    }
}
