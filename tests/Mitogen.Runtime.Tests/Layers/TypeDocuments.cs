using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mitogen.Runtime.Tests.Layers;

/// <summary>The files of types that have no code, by the types' names: "TypeDefinitionDocuments" of a portable PDB, as Roslyn describes it.</summary>
/// <remarks>https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md</remarks>
internal static class TypeDocuments
{
    private static readonly Guid s_kind = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    public static IReadOnlyDictionary<string, string> Read(string pdb, string assembly)
    {
        using PEReader image = new(File.OpenRead(assembly));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(pdb));
        MetadataReader types = image.GetMetadataReader();
        MetadataReader debug = symbols.GetMetadataReader();
        Dictionary<string, string> files = [];
        foreach (CustomDebugInformation information in debug.CustomDebugInformation.Select(debug.GetCustomDebugInformation))
        {
            if (information.Parent.Kind == HandleKind.TypeDefinition && debug.GetGuid(information.Kind) == s_kind)
            {
                TypeDefinition type = types.GetTypeDefinition((TypeDefinitionHandle)information.Parent);
                int row = debug.GetBlobReader(information.Value).ReadCompressedInteger();
                Document document = debug.GetDocument(System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(row));
                files[$"{types.GetString(type.Namespace)}.{types.GetString(type.Name)}"] = debug.GetString(document.Name);
            }
        }

        return files;
    }
}
