using Mitogen.CompilerServices;

namespace Mitogen.Contexts;

/// <summary>The runtime's own contracts. They are in no program's catalog, so that no program can serve them.</summary>
internal static class RuntimeContracts
{
    // The words of a child to its parent are short: a name, an error. Log records come in batches.
    private const int MaxArgumentBytes = 64 * 1024;

    public static RemoteCatalog Catalog { get; } = Create();

    /// <summary>The contract of a parent with its child.</summary>
    public static ulong Parent { get; } = Catalog.Find<IParentContext>().Id;

    /// <summary>The contract of the root with all others.</summary>
    public static ulong LogSink { get; } = Catalog.Find<ILogSink>().Id;

    private static RemoteCatalog Create()
    {
        RemoteCatalog catalog = new();
        Generated.Mitogen_Runtime.Registration.Register(catalog);
        Own(catalog.Find<IContextHost>(), int.MaxValue);
        Own(catalog.Find<IParentContext>(), MaxArgumentBytes);
        Own(catalog.Find<ILogSink>(), Logging.LogBatch.MaxSize);
        return catalog;
    }

    private static void Own(RemoteContract contract, int bytes)
    {
        foreach (RemoteMethod method in contract.Methods)
        {
            method.IsOwn = true;
            method.MaxArgumentBytes = bytes;
        }
    }
}
