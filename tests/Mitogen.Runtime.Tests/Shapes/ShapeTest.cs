using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Runtime.Tests.Leaks;
using Mitogen.TestContracts.Shapes;
using Mitogen.Testing;

namespace Mitogen.Runtime.Tests.Shapes;

/// <summary>Where the services of a test run.</summary>
public enum Where
{
    /// <summary>In a child in this process.</summary>
    InProcess,

    /// <summary>In a child of a child in this process.</summary>
    InProcessNested,

    /// <summary>In a subprocess.</summary>
    Local,

    /// <summary>In a subprocess of a subprocess.</summary>
    Nested,
}

/// <summary>The base of the tests of all shapes of a call, which are the same wherever the services run.</summary>
public abstract class ShapeTest : LeakCheckedTest
{
    private readonly List<IRemoteContext> _started = [];
    private IRemoteContext? _root;
    private ContextNode? _node;

    public static TheoryData<Where> Everywhere { get; } = [Where.InProcess, Where.InProcessNested, Where.Local, Where.Nested];

    protected static TimeSpan Patience => Eventually.Patience;

    /// <summary>The calls of the root.</summary>
    private protected ContextNode Root => _node!;

    public override async ValueTask DisposeAsync()
    {
        if (_root is not null)
        {
            await _root.DisposeAsync().AsTask().InTimeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<IRemoteContext> StartAsync(Where where)
    {
        bool isInProcess = where is Where.InProcess or Where.InProcessNested;
        _root = isInProcess ? InProcessRoot.Create() : MitogenRoot.Create();
        _node = (_root as MitogenRoot)?.Node ?? ((InProcessRoot)_root).Node;
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        _started.Add(child);
        if (where is Where.InProcessNested or Where.Nested)
        {
            _started.Add(await child.ConnectAsync(new LocalConnection { Name = "grandchild" }, Cancellation));
        }

        return _started[^1];
    }

    /// <summary>Another context with the same parent.</summary>
    protected async Task<IRemoteContext> StartSiblingAsync(IRemoteContext context)
    {
        _started.Add(await context.Parent!.ConnectAsync(new LocalConnection { Name = "sibling" }, Cancellation));
        return _started[^1];
    }

    protected async Task<T> ServeAsync<T>(Where where)
        where T : class => (await StartAsync(where)).Get<T>();

    protected static Task UntilAsync(Func<Task<bool>> condition) => Eventually.UntilAsync(condition);

    /// <summary>No context may call an object of the root any more, once each has collected what it forgot.</summary>
    protected Task NothingIsExportedAsync() => UntilAsync(async () =>
    {
        await new TestServices.Shapes.Memory().CollectAsync();
        foreach (IRemoteContext context in _started.Where(c => c.DisconnectReason is null))
        {
            await context.Get<IMemory>().CollectAsync();
        }

        using (HubLock locked = Root.Hub.Enter())
        {
            return Root.Hub.Peers.ExportCount == 0;
        }
    });
}
