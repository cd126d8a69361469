using Microsoft.Extensions.Logging.Abstractions;
using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Hosting;
using Mitogen.Import;
using Mitogen.Links;
using Mitogen.Logging;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Runtime.Tests.Services;

/// <summary>Contexts joined by memory, each of which has executables as a real one in its place: the root from a folder, the others from above.</summary>
internal sealed class ExecutableTree : IDisposable
{
    private readonly MemoryPump _pump = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executable-tree-");
    private readonly RemoteCatalog _catalog = new();
    private readonly KernelOptions _options;
    private readonly List<Context> _contexts = [];

    public ExecutableTree(KernelOptions? options = null)
    {
        _options = options ?? new KernelOptions();
        _catalog.AddRoot(typeof(ExecutableTree).Assembly);
        Root = new Context(this, null);
    }

    public Context Root { get; }

    public string PathOf(string rid) => Path.Combine(_folder.FullName, NativeExecutables.FolderName, rid, "Mitogen.Runtime.Tests");

    public void Write(string rid, byte[] file)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(PathOf(rid))!);
        File.WriteAllBytes(PathOf(rid), file);
    }

    public Context Add(Context parent) => new(this, parent);

    public void Dispose()
    {
        foreach (Context context in _contexts)
        {
            context.Node.EndSelfAsync(new DisconnectReason(DisconnectKind.Disposed, "It was disposed.")).Wait();
        }

        _pump.Dispose();
        _folder.Delete(recursive: true);
    }

    internal sealed class Context : IConnector, ILogOutput
    {
        private readonly Context? _parent;
        private readonly Link? _up;
        private readonly Link? _down;

        public Context(ExecutableTree tree, Context? parent)
        {
            tree._contexts.Add(this);
            _parent = parent;
            uint id = (uint)tree._contexts.Count;
            Executables = parent is null
                ? new NativeExecutables(tree._catalog, tree._folder.FullName, isNative: false)
                : new NativeExecutables(tree._catalog, "/nowhere", isNative: false, new ParentExecutables(AskAsync, tree._options.MaxExecutableSize));
            Node = new ContextNode(new NodeOptions
            {
                Id = id,
                Name = $"context-{id}",
                Ancestors = parent is null ? [] : [.. parent.Node.Options.Ancestors, new Ancestor(parent.Node.Options.Id, parent.Node.Options.Name)],
                Catalog = tree._catalog,
                Kernel = tree._options,
                Loggers = NullLoggerFactory.Instance,
                Info = ContextProcess.DescribeSelf(),
                Connector = this,
                Output = this,
            });
            if (parent is not null)
            {
                _up = new Link(LinkRole.Parent, parent.Node.Options.Id, parent.Node.Path);
                Child child = new(id, new ContextHandle(parent.Node, parent.Node.Self, Node.Options.Name, Node.Path), Node.Self.Info);
                _down = child.Link;
                for (Context? above = parent; above?._down is { } link; above = above._parent)
                {
                    link.Leased.Add(new IdBlock(id, 1));
                }

                _ = new MemoryLink(tree._pump, parent.Node.Hub, child.Link, Node.Hub, _up, Throw);
                _ = new MemoryLink(tree._pump, Node.Hub, _up, parent.Node.Hub, child.Link, Throw);
                using (HubLock locked = Node.Hub.Enter())
                {
                    locked.Kernel.AddLink(_up);
                }

                parent.Node.AddChild(child);
            }

            Node.Hub.Served.Start();
        }

        public ContextNode Node { get; }

        public NativeExecutables Executables { get; }

        /// <summary>How often it asked its parent.</summary>
        public int Asked { get; private set; }

        /// <summary>What happens after the first part has come; nothing, unless a test says otherwise.</summary>
        public Func<CancellationToken, Task> AfterFirstPart { get; set; } = _ => Task.CompletedTask;

        public Task<FoundExecutable> FindAsync(string rid, CancellationToken cancellationToken = default) => Executables.FindAsync(rid, cancellationToken);

        /// <summary>The link to the parent breaks.</summary>
        public void LoseParent()
        {
            using (HubLock locked = Node.Hub.Enter())
            {
                locked.Kernel.LinkLost(_up!, new DisconnectReason(DisconnectKind.LinkBroken, "It was cut."));
            }
        }

        Task<ChildContext> IConnector.StartAsync(ContextStart start, CancellationToken cancellationToken) => throw new NotSupportedException();

        Task ILogOutput.Write(in LogSource source, LogBatch batch) => Task.CompletedTask;

        private async Task<ExecutablePart> AskAsync(string rid, int offset, CancellationToken cancellationToken)
        {
            Asked += offset == 0 ? 1 : 0;
            ExecutablePart part = await Node.Parent!.GetOwn<IParentContext>().ReadExecutableAsync(rid, offset, cancellationToken);
            if (offset == 0)
            {
                await AfterFirstPart(cancellationToken);
            }

            return part;
        }

        private static void Throw(Exception error) => throw new InvalidOperationException("A context broke the protocol.", error);
    }

    private sealed class Child(uint id, ContextHandle handle, ContextInfo info) : ChildContext(id, handle, TimeSpan.Zero)
    {
        public override Link Link { get; } = new(LinkRole.Child, id, handle.Path);

        public override ContextInfo Info => info;

        public override IAssemblyProvider? Assemblies => null;

        public override Task EndAsync() => Task.CompletedTask;
    }
}
