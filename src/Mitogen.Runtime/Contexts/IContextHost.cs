using Mitogen.Executables;
using Mitogen.Routing;

namespace Mitogen.Contexts;

/// <summary>The work of a context for those above it: it starts and ends contexts below it.</summary>
[Remote]
internal interface IContextHost
{
    /// <summary>Starts a context and completes when it is up.</summary>
    /// <param name="connection">How to start it.</param>
    /// <param name="ticket">A number of the caller's own, to give the start up by.</param>
    Task<StartedContext> StartAsync(PlainConnection connection, ulong ticket);

    /// <summary>Gives a start up, and completes when nothing of it is left; does nothing if it is over.</summary>
    Task GiveUpAsync(ulong ticket);

    /// <summary>Ends a context that this one started, and completes when it is gone.</summary>
    Task EndAsync(uint id);
}

/// <summary>The work of a context for one that it started. The only contract, with <see cref="ILogSink"/>, that is called upward.</summary>
[Remote]
internal interface IParentContext
{
    /// <summary>Leases a block of ids for contexts that the caller starts.</summary>
    Task<IdBlock> LeaseAsync();

    /// <summary>The caller is ready to serve calls, or says why it cannot.</summary>
    Task ReadyAsync(string? error);

    /// <summary>Hands out an assembly of the caller's closure; blocks, because whoever needs an assembly blocks too.</summary>
    Import.CompressedAssembly? FindAssembly(string name);

    /// <summary>Hands out the program as a native executable, from this context or from those above it, part by part.</summary>
    /// <param name="rid">That of a <see cref="Platform"/>; anything else is refused.</param>
    /// <param name="offset">Where in the packed executable the part begins.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<ExecutablePart> ReadExecutableAsync(string rid, int offset, CancellationToken cancellationToken);
}

/// <summary>Takes log records and spans of a context to the root.</summary>
[Remote]
internal interface ILogSink
{
    /// <summary>Takes records, in order. It is answered, so that a context sends no more than the root takes.</summary>
    Task WriteAsync(Logging.LogBatch batch);

    /// <summary>Whether somebody listens to the spans of a source; blocks, because whoever begins a span does.</summary>
    bool Listens(string source);
}

/// <summary>A context that was started by another one.</summary>
internal sealed record StartedContext(uint Id, string Name, ContextInfo Info);
