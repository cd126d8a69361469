namespace Mitogen.Services;

/// <summary>The runtime's own contracts. They are in no program's catalog, so that no program can serve them.</summary>
internal static class RuntimeContracts
{
    public static RemoteCatalog Catalog { get; } = Create();

    private static RemoteCatalog Create()
    {
        RemoteCatalog catalog = new();
        Generated.Mitogen_Runtime.Registration.Register(catalog);
        return catalog;
    }
}
