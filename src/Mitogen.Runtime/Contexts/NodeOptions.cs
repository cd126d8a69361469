using Microsoft.Extensions.Logging;
using Mitogen.Handshake;
using Mitogen.Multiplexing;
using Mitogen.Routing;

namespace Mitogen.Contexts;

/// <summary>The parts that a context is made with.</summary>
internal sealed class NodeOptions
{
    public required uint Id { get; init; }

    public required string Name { get; init; }

    /// <summary>From the root to the parent; empty in a root.</summary>
    public required IReadOnlyList<Ancestor> Ancestors { get; init; }

    public required RemoteCatalog Catalog { get; init; }

    public required KernelOptions Kernel { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    public required ContextInfo Info { get; init; }

    /// <summary>The culture that contexts below are to use.</summary>
    public ContextCulture Culture { get; init; } = ContextCulture.Current;

    /// <summary>How contexts are started from here.</summary>
    public required IConnector Connector { get; init; }

    /// <summary>From where the context's services get what they ask for, before what the program's startup classes registered.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>Takes what a context writes, to hand it to the root's loggers.</summary>
    public required Logging.ILogOutput Output { get; init; }
}
