using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints the catalog of an executable.</summary>
internal static class CatalogEmitter
{
    public static string Emit(CatalogModel catalog)
    {
        SourceWriter source = SourceFile.Begin();
        foreach (string alias in catalog.Aliases)
        {
            source.Line($"extern alias {alias};");
        }

        source.Line($"namespace {catalog.Namespace};").Line();
        source.Line($$"""
            /// <summary>What this program and the assemblies that it references register.</summary>
            {{SourceFile.Attributes}}
            public static class {{CatalogModel.ClassName}}
            {
                /// <summary>Creates a catalog of its own for this program.</summary>
                /// <returns>The catalog.</returns>
                public static {{RemoteCatalog}} Create()
                {
                    {{RemoteCatalog}} catalog = new();
                    Fill(catalog);
                    return catalog;
                }

                // The direct calls below are what keeps the registrations in a trimmed program.
                [global::System.Runtime.CompilerServices.ModuleInitializer]
                internal static void Initialize() => Fill({{RemoteCatalog}}.Default);

                private static void Fill({{RemoteCatalog}} catalog)
                {
                    catalog.AddRoot(typeof({{CatalogModel.ClassName}}).Assembly);
            """);
        if (catalog.RunsAsContext)
        {
            source.Line($"        catalog.AddEntryPoint(typeof({CatalogModel.ClassName}).Assembly);");
        }

        foreach (string registration in catalog.Registrations)
        {
            source.Line($"        {registration}.Register(catalog);");
        }

        return source.Line("""
                }
            }
            """).ToString();
    }
}
