using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds the structs that are unions: one field lies over another.</summary>
internal static class StructLayouts
{
    private const int Explicit = 2;

    /// <summary>Why a struct cannot be sent because of its layout.</summary>
    public static string? WhyUnion(INamedTypeSymbol type)
    {
        if (!IsExplicit(type))
        {
            return null;
        }

        (IFieldSymbol Field, int Offset)[] fields =
        [
            .. type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic).Select(static field => (field, OffsetOf(field))).OrderBy(static at => at.Item2),
        ];
        for (int i = 1; i < fields.Length; i++)
        {
            (IFieldSymbol before, int offset) = fields[i - 1];
            if (SizeOf(before.Type) is not { } size || offset + size > fields[i].Offset)
            {
                return $"has an explicit layout in which '{fields[i].Field.Name}' may lie over '{before.Name}', so that not every value of one is one of "
                    + "the other: send a record with the one that counts";
            }
        }

        return null;
    }

    private static bool IsExplicit(INamedTypeSymbol type) =>
        type.GetAttributes().Any(static attribute =>
            attribute.AttributeClass?.Name == "StructLayoutAttribute" && attribute.ConstructorArguments.Any(static kind => kind.Value is Explicit or (short)Explicit))
        || (type.ContainingModule?.GetMetadata()?.GetMetadataReader() is { } reader
            && (ForeignMembers.Definition(reader, type).Attributes & TypeAttributes.LayoutMask) == TypeAttributes.ExplicitLayout);

    private static int OffsetOf(IFieldSymbol field)
    {
        AttributeData? attribute = field.GetAttributes().FirstOrDefault(static attribute => attribute.AttributeClass?.Name == "FieldOffsetAttribute");
        if (attribute is not null)
        {
            return attribute.ConstructorArguments.FirstOrDefault().Value as int? ?? 0;
        }

        return field.ContainingModule?.GetMetadata()?.GetMetadataReader() is { } reader
            ? reader.GetFieldDefinition((FieldDefinitionHandle)MetadataTokens.EntityHandle(field.OriginalDefinition.MetadataToken)).GetOffset()
            : 0;
    }

    private static int? SizeOf(ITypeSymbol type) => (type as INamedTypeSymbol)?.EnumUnderlyingType is { } underlying ? SizeOf(underlying) : type.SpecialType switch
    {
        SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte => 1,
        SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16 => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double or SpecialType.System_DateTime => 8,
        SpecialType.System_Decimal => 16,
        _ => null,
    };
}
