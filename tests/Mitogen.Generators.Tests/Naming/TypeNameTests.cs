using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Mitogen.Generators.Tests.Naming;

/// <summary>A name stands for one type, in the whole repository and beside the framework: whoever reads a name, or searches for it, finds that type.</summary>
public sealed class TypeNameTests
{
    [Fact]
    public void No_two_types_share_a_name() => Assert.Empty(
        DeclaredType.All
            .GroupBy(static type => type.Name)
            .Where(static group => AreDifferent([.. group]))
            .Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static type => type.File))}"));

    [Fact]
    public void No_public_type_has_the_name_of_one_of_the_framework()
    {
        HashSet<string> framework = [.. FrameworkTypes()];
        Assert.Contains("ProtocolViolationException", framework);

        Assert.Empty(DeclaredType.All.Where(type => type.IsPublicOfLibrary && framework.Contains(type.Name)).Select(static type => type.Name));
    }

    /// <summary>Whoever looks at nothing finds nothing.</summary>
    [Fact]
    public void The_types_of_all_folders_are_looked_at()
    {
        Assert.InRange(DeclaredType.All.Count, 1200, int.MaxValue);
        Assert.Equal(
            ["benchmarks", "samples", "src", "tests"],
            DeclaredType.All.Select(static type => type.File.Split('/')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Parts of one type are not, nor is a type with type parameters beside its namesake in the same namespace.</summary>
    private static bool AreDifferent(DeclaredType[] types) =>
        !types.All(static type => type.IsPublicOfLibrary)
        && (types.Select(static type => type.Namespace).Distinct().Count() > 1
            || types.GroupBy(static type => type.Arity).Any(static same => same.Count() > 1 && !same.All(static type => type.IsPartial)));

    private static IEnumerable<string> FrameworkTypes()
    {
        foreach (string path in Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll"))
        {
            using PEReader file = new(File.OpenRead(path));
            if (!file.HasMetadata)
            {
                continue;
            }

            MetadataReader metadata = file.GetMetadataReader();
            foreach (TypeDefinition type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
            {
                string @namespace = metadata.GetString(type.Namespace);
                if ((type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public
                    && (@namespace.StartsWith("System", StringComparison.Ordinal) || @namespace.StartsWith("Microsoft", StringComparison.Ordinal)))
                {
                    yield return metadata.GetString(type.Name).Split('`')[0];
                }
            }
        }
    }
}
