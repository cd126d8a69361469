using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds what the referenced assemblies of an executable register, whether its code mentions them or not.</summary>
internal static class ReferenceParser
{
    public static ReferencesModel Parse(Compilation compilation, CancellationToken cancellationToken)
    {
        bool isExecutable = compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication
            && compilation.GetTypeByMetadataName(KnownNames.RemoteCatalog) is not null;
        var assemblies = new List<RegisteringAssembly>();
        if (isExecutable)
        {
            foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols.Where(UsesAbstractions))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ParseAssembly(assembly, compilation.AliasOf(assembly)) is { } model)
                {
                    assemblies.Add(model);
                }
            }
        }

        return new(
            Identity.NamespaceOf(compilation.Assembly),
            isExecutable,
            assemblies.OrderBy(static a => a.Registration, StringComparer.Ordinal).ToEquatableArray());
    }

    // Spares the attributes of the framework's assemblies, which are many.
    private static bool UsesAbstractions(IAssemblySymbol assembly) =>
        assembly.Modules.Any(static m => m.ReferencedAssemblies.Any(static a => a.Name == KnownNames.AbstractionsAssembly));

    private static RegisteringAssembly? ParseAssembly(IAssemblySymbol assembly, string? alias)
    {
        AttributeData? attribute = assembly.GetAttributes()
            .FirstOrDefault(static a => a.AttributeClass?.FullMetadataName() == KnownNames.RemoteRegistrationAttribute);
        if (attribute is not { ConstructorArguments: { Length: 2 } arguments } || arguments[0].Value is not INamedTypeSymbol registration)
        {
            return null;
        }

        INamedTypeSymbol[] types = [.. arguments[1].Values.Select(static v => v.Value).OfType<INamedTypeSymbol>()];
        return new(
            assembly.Name,
            alias is null ? registration.SourceName() : $"{SymbolNames.Escape(alias)}::{registration.SourceName().Substring("global::".Length)}",
            alias is null ? null : SymbolNames.Escape(alias),
            types.Where(static t => t.TypeKind == TypeKind.Interface).Select(static t => t.FullMetadataName()).ToEquatableArray(),
            types.Where(static t => t.TypeKind == TypeKind.Class).Select(ParseService).ToEquatableArray());
    }

    private static RegisteredService ParseService(INamedTypeSymbol service) => new(
        service.FullMetadataName(),
        service.AllInterfaces.Where(static i => i.IsContract()).Select(static i => i.FullMetadataName()).ToEquatableArray(),
        service.BaseContracts());
}
