using System.Text;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>Names of types in formatters: as source without nullable annotations, as identifiers, and for people.</summary>
internal static class TypeNames
{
    // ValueTuple<...> rather than (...), which cannot follow 'new'.
    private static readonly SymbolDisplayFormat s_source = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    private static readonly SymbolDisplayFormat s_people = SymbolDisplayFormat.MinimallyQualifiedFormat
        .RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_short = s_people
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    /// <summary>The type as source, without nullable annotations.</summary>
    public static string Source(ITypeSymbol type) => type.InSource(s_source);

    /// <summary>The type for people.</summary>
    public static string People(ITypeSymbol type) => type.ToDisplayString(s_people);

    /// <summary>An identifier that no other type has: readable, with a hash of the whole name.</summary>
    public static string Identifier(ITypeSymbol type)
    {
        StringBuilder name = new();
        foreach (char letter in type.ToDisplayString(s_short))
        {
            if (char.IsLetterOrDigit(letter))
            {
                name.Append(letter);
            }
            else if (name.Length > 0 && name[name.Length - 1] != '_')
            {
                name.Append('_');
            }
        }

        return $"{name.ToString().TrimEnd('_')}_{Hash(Source(type)):X8}";
    }

    // FNV-1a: the same in every run, unlike string.GetHashCode.
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char letter in text)
        {
            hash = unchecked((hash ^ letter) * 16777619);
        }

        return hash;
    }
}
