using Mitogen.Executables;
using Mitogen.Routing;

namespace Mitogen.Contexts;

/// <summary>Starts contexts for a node.</summary>
internal interface IConnector
{
    /// <summary>The executables that contexts which it started may ask for; <see langword="null"/> where none need any.</summary>
    NativeExecutables? Executables { get; }

    /// <summary>Starts a context and completes when it said hello and its link is in the kernel.</summary>
    /// <exception cref="BootstrapException">It did not come up, and nothing of it is left.</exception>
    Task<ChildContext> StartAsync(ContextStart start, CancellationToken cancellationToken);
}

/// <summary>A context that a node started, and the means to end it.</summary>
internal abstract class ChildContext(uint id, ContextHandle handle, TimeSpan grace)
{
    private readonly TaskCompletionSource<string?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public uint Id { get; } = id;

    public ContextHandle Handle { get; } = handle;

    public TimeSpan Grace { get; } = grace;

    /// <summary>The assemblies that it was given.</summary>
    public GivenAssemblies Given { get; } = new();

    /// <summary>The link to it.</summary>
    public abstract Link Link { get; }

    public abstract ContextInfo Info { get; }

    /// <summary>The assemblies that it may import.</summary>
    public abstract Import.IAssemblyProvider? Assemblies { get; }

    /// <summary>Why it is ended from this side. Written before its end begins.</summary>
    public DisconnectReason EndReason { get; set; } = new(DisconnectKind.Disposed, "It was disposed.");

    /// <summary>Completes when the context serves calls: with null, or with why it cannot.</summary>
    public Task<string?> Ready => _ready.Task;

    public void SetReady(string? error) => _ready.TrySetResult(error);

    /// <summary>Ends it, in order if it still answers, and completes when nothing of it is left.</summary>
    public abstract Task EndAsync();
}
