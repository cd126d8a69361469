// Copies an assembly's XML documentation with the members alone that users of the assembly can see.
//   dotnet run --file TrimDocumentation.cs -- ASSEMBLY DOCUMENTATION RESULT
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

using FileStream file = File.OpenRead(args[0]);
using PEReader image = new(file);
MetadataReader metadata = image.GetMetadataReader();
HashSet<string> visible = [];
foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
{
    TypeDefinition type = metadata.GetTypeDefinition(handle);
    if (IsVisible(type))
    {
        string name = FullName(type);
        visible.Add(name);
        visible.UnionWith(MembersOf(type).Select(member => $"{name}.{member}"));
    }
}

XDocument documentation = XDocument.Load(args[1], LoadOptions.PreserveWhitespace);
documentation.Descendants("member").Where(member => !visible.Contains(NameOf((string)member.Attribute("name")!))).Remove();
documentation.Save(args[2], SaveOptions.DisableFormatting);

// "M:Namespace.Type.#ctor(System.Int32)" names Namespace.Type..ctor, whatever its parameters are.
static string NameOf(string id)
{
    string name = id[2..].Split('(')[0].Split('~')[0];
    int arity = name.IndexOf("``", StringComparison.Ordinal);
    return (arity < 0 ? name : name[..arity]).Replace('#', '.');
}

bool IsVisible(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
{
    TypeAttributes.Public => true,
    TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
        IsVisible(metadata.GetTypeDefinition(type.GetDeclaringType())),
    _ => false,
};

string FullName(TypeDefinition type) => type.GetDeclaringType() is { IsNil: false } outer
    ? $"{FullName(metadata.GetTypeDefinition(outer))}.{metadata.GetString(type.Name)}"
    : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";

IEnumerable<string> MembersOf(TypeDefinition type)
{
    foreach (FieldDefinitionHandle handle in type.GetFields())
    {
        FieldDefinition field = metadata.GetFieldDefinition(handle);
        if ((field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem)
        {
            yield return metadata.GetString(field.Name);
        }
    }

    foreach (MethodDefinitionHandle handle in type.GetMethods())
    {
        MethodDefinition method = metadata.GetMethodDefinition(handle);
        if ((method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem)
        {
            string name = metadata.GetString(method.Name);
            yield return name;
            if (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)
                || name.StartsWith("add_", StringComparison.Ordinal))
            {
                yield return name[4..];
            }
        }
    }
}
