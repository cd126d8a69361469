using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>The ids of contracts and methods, and the names of what is generated for them.</summary>
/// <remarks>
/// A contract's id is the first 8 bytes, big-endian, of the SHA-256 of its full metadata name in UTF-8: namespace, a dot, and
/// the names of nested types joined by <c>+</c>. A method's id is the first 4 bytes, big-endian, of the SHA-256 of its
/// signature: <c>Declaring.Interface::Name(System.Int32,System.Collections.Generic.List&lt;System.String&gt;)</c>. Parameter types are full
/// names with their type arguments, without spaces, aliases, parameter names and the nullability of reference types; a
/// <c>CancellationToken</c> counts; a property is its getter, <c>get_Name()</c>. So a new overload, a renamed parameter or another order
/// of members changes no other id.
/// </remarks>
internal static class Identity
{
    /// <summary>The beginning of the namespaces of all generated code.</summary>
    public const string GeneratedNamespace = "Mitogen.Generated.";

    private const int MaxFileName = 150;

    private static readonly SymbolDisplayFormat s_signatureFormat = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.ExpandNullable | SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    public static ulong OfContract(string metadataName) => First(metadataName, 8);

    public static uint OfMethod(string signature) => (uint)First(signature, 4);

    public static string Signature(IMethodSymbol method) =>
        $"{DeclaringName(method.ContainingType)}::{method.Name}({Canonical(method.Parameters.Select(static p => p.Type))})";

    /// <summary>The namespace of everything that is generated for an assembly; no other assembly has it.</summary>
    /// <remarks>
    /// Letters and digits stay. A dot between two of them is one underscore, a digit at the beginning has one before it, and everything
    /// else, an underscore too, is two underscores and the four hexadecimal digits of its code. So the name can be read back.
    /// </remarks>
    public static string NamespaceOf(IAssemblySymbol assembly) => NamespaceOf(assembly.Name);

    internal static string NamespaceOf(string assembly)
    {
        bool IsPlain(int index) => index >= 0 && index < assembly.Length && char.IsLetterOrDigit(assembly[index]);

        var name = new StringBuilder();
        for (int i = 0; i < assembly.Length; i++)
        {
            char letter = assembly[i];
            if (IsPlain(i))
            {
                name.Append(i == 0 && char.IsDigit(letter) ? "_" : "").Append(letter);
            }
            else if (letter == '.' && IsPlain(i - 1) && IsPlain(i + 1))
            {
                name.Append('_');
            }
            else
            {
                name.Append("__").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            }
        }

        return GeneratedNamespace + SymbolNames.Escape(name.ToString());
    }

    /// <summary>
    /// The class and file that are generated for a type. Both end with the first half of the type's id, because types of several
    /// namespaces share one namespace here, and file names do not tell upper from lower case.
    /// </summary>
    public static Model.GeneratedClass ClassOf(INamedTypeSymbol type)
    {
        string metadataName = type.FullMetadataName();
        string suffix = (OfContract(metadataName) >> 32).ToString("x8", CultureInfo.InvariantCulture);
        return new(NamespaceOf(type.ContainingAssembly), $"{type.Name}_{suffix}", $"{EndOf(metadataName.Replace('+', '.'))}-{suffix}.g.cs");
    }

    // File systems take names of 255 bytes, and some tools paths of 260 characters.
    private static string EndOf(string name)
    {
        int start = 0;
        while (Encoding.UTF8.GetByteCount(name.Substring(start)) > MaxFileName || (start > 0 && char.IsLowSurrogate(name[start])))
        {
            start++;
        }

        return name.Substring(start);
    }

    // A closed generic base interface is told from another one by its arguments.
    private static string DeclaringName(INamedTypeSymbol type) =>
        type.IsGenericType
            ? $"{type.FullMetadataName()}[{Canonical(type.TypeArguments)}]"
            : type.FullMetadataName();

    private static string Canonical(IEnumerable<ITypeSymbol> types) =>
        string.Join(",", types.Select(static t => t.ToDisplayString(s_signatureFormat).Replace(" ", "")));

    private static ulong First(string text, int bytes)
    {
        using var sha = SHA256.Create();
        return HashPrefix.Of(sha.ComputeHash(Encoding.UTF8.GetBytes(text)), bytes);
    }
}
