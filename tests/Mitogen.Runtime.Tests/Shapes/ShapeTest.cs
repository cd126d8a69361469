using Mitogen.Lifetime;
using Mitogen.Runtime.Tests.Leaks;
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
    private IRemoteContext? _root;
    private ContextNode? _node;

    public static TheoryData<Where> Everywhere { get; } = [Where.InProcess, Where.InProcessNested, Where.Local, Where.Nested];

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The calls of the root.</summary>
    private protected ContextNode Root => _node!;

    public override async ValueTask DisposeAsync()
    {
        if (_root is not null)
            await _root.DisposeAsync().AsTask().WaitAsync(Patience);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<IRemoteContext> StartAsync(Where where)
    {
        bool isInProcess = where is Where.InProcess or Where.InProcessNested;
        _root = isInProcess ? InProcessRoot.Create() : MitogenRoot.Create();
        _node = (_root as MitogenRoot)?.Node ?? ((InProcessRoot)_root).Node;
        IRemoteContext child = await _root.ConnectAsync(new LocalConnection { Name = "child" }, Cancellation);
        return where is Where.InProcess or Where.Local
            ? child
            : await child.ConnectAsync(new LocalConnection { Name = "grandchild" }, Cancellation);
    }

    protected async Task<T> ServeAsync<T>(Where where)
        where T : class => (await StartAsync(where)).Get<T>();

    protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !await condition(); await Task.Delay(5, Cancellation))
            Assert.True(Environment.TickCount64 < end, "It did not come to pass in time.");
    }

    /// <summary>No context may call an object of the root any more.</summary>
    protected Task NothingIsExportedAsync() => UntilAsync(() =>
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using (Root.Hub.Enter())
            return Task.FromResult(Root.Hub.ExportCount == 0);
    });
}
