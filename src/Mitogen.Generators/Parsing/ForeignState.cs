using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds state that is not sent in a class or struct of another assembly, of which only the metadata is known.</summary>
/// <remarks>A reference assembly leaves out what is not public, except the fields of structs.</remarks>
internal static class ForeignState
{
    private const string BackingField = ">k__BackingField";
    private const string CapturedParameter = ">P";

    public static ObjectMembersError? Find(INamedTypeSymbol level, IReadOnlyList<ObjectMember> sent)
    {
        if (level.ContainingModule?.GetMetadata()?.GetMetadataReader() is not { } reader)
        {
            return null;
        }

        TypeDefinition definition = ForeignMembers.Definition(reader, level);
        string[] left = [.. definition.GetProperties()
            .Select(reader.GetPropertyDefinition)
            .Where(property => IsMarked(reader, property.GetCustomAttributes()))
            .Select(property => reader.GetString(property.Name))];
        foreach (FieldDefinition field in definition.GetFields().Select(reader.GetFieldDefinition))
        {
            string owner = OwnerOf(reader.GetString(field.Name));
            if ((field.Attributes & (FieldAttributes.Static | FieldAttributes.NotSerialized)) == 0
                && !IsMarked(reader, field.GetCustomAttributes())
                && !left.Contains(owner)
                && !sent.Any(member => Means(owner, member.Name)))
            {
                string access = (field.Attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Public ? "" : "hidden ";
                return new ObjectMembersError(
                    reader.GetString(field.Name),
                    $"has a {access}field '{owner}' in another assembly that no property of its name sends, so that its value would be lost: "
                    + $"send a record with what is needed; or, if the type is yours, make it a public property or mark it {SerializationMarks.LeaveBehind}",
                    IsLoss: true);
            }
        }

        return null;
    }

    private static bool IsMarked(MetadataReader reader, CustomAttributeHandleCollection attributes) =>
        SerializationMarks.Ignores.Any(name => ForeignMembers.Has(reader, attributes, name));

    // The compiler names the fields of automatic properties and of captured parameters after them.
    private static string OwnerOf(string field) =>
        field.StartsWith("<", StringComparison.Ordinal)
        && (field.EndsWith(BackingField, StringComparison.Ordinal) || field.EndsWith(CapturedParameter, StringComparison.Ordinal))
            ? field.Substring(1, field.LastIndexOf('>') - 1)
            : field;

    /// <summary>Whether a field has a property's name, as compilers and people write it: <c>name</c>, <c>_name</c>, <c>m_name</c>, <c>Name@</c>.</summary>
    private static bool Means(string field, string member)
    {
        string name = field.StartsWith("m_", StringComparison.Ordinal) ? field.Substring(2) : field;
        return string.Equals(name.Trim('_', '@'), member.Trim('_'), StringComparison.OrdinalIgnoreCase);
    }
}
