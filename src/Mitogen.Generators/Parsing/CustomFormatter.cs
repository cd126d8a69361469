using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>An attribute that puts a formatter of its own on a member of a <c>[MemoryPackable]</c> type.</summary>
internal sealed record CustomFormatter(INamedTypeSymbol Type, CustomFormatterKind Kind, AttributeFormatter Model)
{
    /// <summary>The attribute for people.</summary>
    public string Name => $"[{TypeNames.People(Type)}]";

    public static CustomFormatter? Find(ISymbol member)
    {
        AttributeData? attribute = member.GetAttributes().FirstOrDefault(static attribute => IsFormatter(attribute.AttributeClass));
        return attribute?.AttributeClass is { } type ? new CustomFormatter(type, KindOf(type), ModelOf(attribute, type)) : null;
    }

    private static bool IsFormatter(INamedTypeSymbol? type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.Name == "MemoryPackCustomFormatterAttribute" && Packable.IsOfLibrary(at))
            {
                return true;
            }
        }

        return false;
    }

    private static CustomFormatterKind KindOf(INamedTypeSymbol type) => !Packable.IsOfLibrary(type) ? CustomFormatterKind.Unknown : type.Name switch
    {
        "Utf8StringFormatterAttribute" or "Utf16StringFormatterAttribute" or "InternStringFormatterAttribute" => CustomFormatterKind.Text,
        "BitPackFormatterAttribute" => CustomFormatterKind.Bits,
        "OrdinalIgnoreCaseStringDictionaryFormatter" or "MemoryPoolFormatterAttribute" or "ReadOnlyMemoryPoolFormatterAttribute" =>
            CustomFormatterKind.AsUsual,
        _ => CustomFormatterKind.Unknown,
    };

    private static AttributeFormatter ModelOf(AttributeData attribute, INamedTypeSymbol type) => new(
        TypeNames.Source(type),
        attribute.ConstructorArguments.Select(static argument => argument.ToCSharpString()).ToEquatableArray(),
        attribute.NamedArguments.Select(static pair => new AttributeSetting(pair.Key, pair.Value.ToCSharpString())).ToEquatableArray());
}

/// <summary>The known facts of a formatter's bytes.</summary>
internal enum CustomFormatterKind
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>They are a string's.</summary>
    Text,

    /// <summary>They are those of packed flags.</summary>
    Bits,

    /// <summary>They are those that the member's type has without it.</summary>
    AsUsual,
}
