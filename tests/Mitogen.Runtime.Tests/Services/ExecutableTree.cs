using Mitogen.Contexts;
using Mitogen.Executables;
using Mitogen.Multiplexing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Services;

/// <summary>Contexts each of which has executables as a real one in its place: the root from a folder, the others from above.</summary>
internal sealed class ExecutableTree : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executable-tree-");
    private readonly RemoteCatalog _catalog = new();
    private readonly KernelOptions _options;
    private readonly NodeTree _tree;

    public ExecutableTree(KernelOptions? options = null)
    {
        _options = options ?? new KernelOptions();
        _catalog.AddRoot(typeof(ExecutableTree).Assembly);
        _tree = new NodeTree(_options, _catalog);
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
        _tree.Dispose();
        _folder.Delete(recursive: true);
    }

    internal sealed class Context : IConnector
    {
        private readonly NodeTree _tree;
        private readonly TreeNode _node;

        public Context(ExecutableTree tree, Context? parent)
        {
            _tree = tree._tree;
            Executables = parent is null
                ? new NativeExecutables(tree._catalog, tree._folder.FullName, isNative: false)
                : new NativeExecutables(tree._catalog, "/nowhere", isNative: false, new ParentExecutables(AskAsync, tree._options.MaxExecutableSize));
            _node = _tree.Add(parent?._node, this);
        }

        public ContextNode Node => _node.Node;

        public NativeExecutables Executables { get; }

        /// <summary>How often it asked its parent.</summary>
        public int Asked { get; private set; }

        /// <summary>What happens after the first part has come; nothing, unless a test says otherwise.</summary>
        public Func<CancellationToken, Task> AfterFirstPart { get; set; } = _ => Task.CompletedTask;

        public Task<FoundExecutable> FindAsync(string rid, CancellationToken cancellationToken = default) => Executables.FindAsync(rid, cancellationToken);

        /// <summary>The link to the parent breaks.</summary>
        public void LoseParent() => _tree.Cut(_node);

        Task<ChildContext> IConnector.StartAsync(ContextStart start, CancellationToken cancellationToken) => throw new NotSupportedException();

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
    }
}
