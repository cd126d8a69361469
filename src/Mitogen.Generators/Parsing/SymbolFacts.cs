using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Questions that every parser asks of a symbol.</summary>
internal static class SymbolFacts
{
    public static bool HasAttribute(this ISymbol symbol, string metadataName) =>
        symbol.GetAttributes().Any(a => a.AttributeClass?.FullMetadataName() == metadataName);

    public static bool IsContract(this ITypeSymbol type) =>
        type.TypeKind == TypeKind.Interface && type.HasAttribute(KnownNames.RemoteAttribute);

    public static bool IsTask(this ITypeSymbol type) =>
        type.Is(KnownNames.Task) || type.Is(KnownNames.TaskOfT) || type.Is(KnownNames.ValueTask) || type.Is(KnownNames.ValueTaskOfT);

    public static bool IsByteStream(this ITypeSymbol type) =>
        type is INamedTypeSymbol named && named.FullMetadataName() is KnownNames.Stream or KnownNames.PipeReader or KnownNames.PipeWriter;

    /// <summary>Whether a value stays where it is, and a reference to it is sent.</summary>
    public static bool IsSentByReference(this ITypeSymbol type) => type.IsContract() || type.Is(KnownNames.AsyncEnumerable) || type.IsByteStream();

    public static bool Is(this ITypeSymbol type, string metadataName) =>
        type is INamedTypeSymbol named && named.OriginalDefinition.FullMetadataName() == metadataName;

    /// <summary>Of the contracts that a service implements, those that others of them inherit.</summary>
    public static EquatableArray<string> BaseContracts(this INamedTypeSymbol service) => service.AllInterfaces
        .Where(IsContract)
        .SelectMany(static contract => contract.AllInterfaces.Where(IsContract))
        .Select(static contract => contract.FullMetadataName())
        .Distinct(StringComparer.Ordinal)
        .OrderBy(static name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>The contract as generated code of <paramref name="assembly"/> names it.</summary>
    public static ContractReference ReferenceFrom(this INamedTypeSymbol contract, IAssemblySymbol assembly) =>
        new(contract.FullMetadataName(), Identity.ClassOf(contract).FullName, contract.IsDeclaredIn(assembly));

    /// <summary>Whether the contract's class exists, or will: what is generated now is not seen by the parse.</summary>
    public static bool HasGeneratedClass(this INamedTypeSymbol contract, IAssemblySymbol assembly) =>
        contract.IsDeclaredIn(assembly)
        || contract.ContainingAssembly.GetTypeByMetadataName(Identity.ClassOf(contract).MetadataName) is not null;

    public static bool IsDeclaredIn(this ISymbol symbol, IAssemblySymbol assembly) =>
        SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, assembly);

    /// <summary>Why code in another file of the assembly cannot name the type; <see langword="null"/> where it can.</summary>
    public static string? WhyHidden(this INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? part = type; part is not null; part = part.ContainingType)
        {
            if (part.IsFileLocal)
            {
                return $"'{part.Name}' is local to its file";
            }

            if (part.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal)
            {
                return $"'{part.Name}' is private or protected";
            }
        }

        return null;
    }

    /// <summary>Whether the compiler lets no code use the symbol, or a type around it: it is obsolete as an error.</summary>
    public static bool IsForbidden(this ISymbol symbol)
    {
        for (ISymbol? at = symbol; at is not null and not INamespaceSymbol; at = at.ContainingType)
        {
            if (at.GetAttributes().Any(static a => a.AttributeClass?.FullMetadataName() == KnownNames.ObsoleteAttribute
                && a.ConstructorArguments is { Length: 2 } arguments && arguments[1].Value is true))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsOfFramework(this INamedTypeSymbol type)
    {
        INamespaceSymbol? space = type.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { IsGlobalNamespace: false, Name: "System" } && type.Locations.All(static location => location.IsInMetadata);
    }

    public static bool IsVisibleOutside(this INamedTypeSymbol type) =>
        type.DeclaredAccessibility is Accessibility.Public && (type.ContainingType is null || type.ContainingType.IsVisibleOutside());

    /// <summary>Whether the type or one around it has type parameters.</summary>
    public static bool IsOpen(this INamedTypeSymbol type) => type.IsGenericType || (type.ContainingType is { } outer && outer.IsOpen());

    /// <summary>
    /// Whether this is the declaration with the attribute that is parsed: a partial type with the attribute on two parts, which
    /// the compiler rejects, would else be emitted twice.
    /// </summary>
    public static bool IsFirstUse(this ISymbol symbol, SyntaxNode node, string attribute)
    {
        SyntaxReference? first = symbol.GetAttributes()
            .FirstOrDefault(a => a.AttributeClass?.FullMetadataName() == attribute)?.ApplicationSyntaxReference;
        return first is not null && first.SyntaxTree == node.SyntaxTree && node.Span.Contains(first.Span);
    }
}
