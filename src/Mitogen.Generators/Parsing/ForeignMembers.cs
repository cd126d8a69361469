using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>
/// The members of a type in another assembly that the compiler does not show, and that the library's generator saw when it was built.
/// </summary>
internal static class ForeignMembers
{
    /// <summary>Why the members of a type, in their order, are not known; <see langword="null"/> if they are.</summary>
    public static string? WhyUnknown(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.ContainingModule?.GetMetadata()?.GetMetadataReader() is not { } reader || at.IsOfFramework())
            {
                continue;
            }

            if (HasHiddenInclude(reader, at))
            {
                return "has members with [MemoryPackInclude] that only its own assembly sees: make them public, or the contract's assembly its own";
            }

            ISymbol[] written = [.. PackableMembers.Declared(at).Where(PackableMembers.IsWritten)];
            if (written.Any(static member => member is IFieldSymbol)
                && written.Any(static member => member is IPropertySymbol)
                && !written.All(static member => Packable.Has(member, Packable.OrderAttribute)))
            {
                return "has public fields and properties in another assembly, where their order is not known: make them all properties";
            }
        }

        return null;
    }

    private static bool HasHiddenInclude(MetadataReader reader, INamedTypeSymbol type)
    {
        TypeDefinition definition = Definition(reader, type);
        HashSet<string> seen = new(PackableMembers.Declared(type).Select(static member => member.MetadataName), StringComparer.Ordinal);
        return definition.GetFields().Select(reader.GetFieldDefinition)
                .Any(field => !seen.Contains(reader.GetString(field.Name)) && Has(reader, field.GetCustomAttributes(), Packable.IncludeAttribute))
            || definition.GetProperties().Select(reader.GetPropertyDefinition).Any(property =>
                !seen.Contains(reader.GetString(property.Name)) && Has(reader, property.GetCustomAttributes(), Packable.IncludeAttribute));
    }

    /// <summary>Whether a method, also one that only its assembly sees, has one of the attributes and, if it is said, that many parameters.</summary>
    public static bool HasMethod(INamedTypeSymbol type, IEnumerable<string> attributes, int? parameters = null) =>
        type.ContainingModule?.GetMetadata()?.GetMetadataReader() is { } reader
        && Definition(reader, type).GetMethods().Select(reader.GetMethodDefinition).Any(method =>
            attributes.Any(attribute => Has(reader, method.GetCustomAttributes(), attribute))
            && (parameters is null || method.GetParameters().Count(handle => reader.GetParameter(handle).SequenceNumber > 0) == parameters));

    public static TypeDefinition Definition(MetadataReader reader, INamedTypeSymbol type) =>
        reader.GetTypeDefinition((TypeDefinitionHandle)MetadataTokens.EntityHandle(type.OriginalDefinition.MetadataToken));

    public static bool Has(MetadataReader reader, CustomAttributeHandleCollection attributes, string name) => attributes
        .Select(reader.GetCustomAttribute)
        .Where(static attribute => attribute.Constructor.Kind == HandleKind.MemberReference)
        .Select(attribute => reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent)
        .Where(static parent => parent.Kind == HandleKind.TypeReference)
        .Any(parent => reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, name));
}
