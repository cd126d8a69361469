using Mitogen.Runtime.Tests.Samples;
using Mono.Cecil;

namespace Mitogen.Runtime.Tests.Layers;

/// <summary>No layer of the library uses one above it, and each uses what the documentation says.</summary>
public sealed class LayerTests
{
    private const string Top = "(top)";
    private const string Sources = "/src/Mitogen.Runtime/";

    private static readonly string s_source = Path.Combine(Repository.Root, "src", "Mitogen.Runtime");

    [Fact]
    public void Each_layer_uses_those_that_the_table_allows()
    {
        IReadOnlyList<(string Layer, IReadOnlyList<string> Uses)> table = LayerTable.Read();
        Assert.Equal(
            Directory.GetDirectories(s_source).Where(HasSources).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            table.Select(static row => row.Layer).Order(StringComparer.Ordinal));

        ILookup<string, string> used = Edges().Where(static e => e.From != Top).ToLookup(static e => e.From, static e => e.To);
        Assert.All(table, row => Assert.Equal(row.Uses.Order(StringComparer.Ordinal), used[row.Layer].Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_layer_uses_only_those_before_it()
    {
        List<string> before = [];
        foreach ((string layer, IReadOnlyList<string> uses) in LayerTable.Read())
        {
            Assert.Subset(before.ToHashSet(), uses.ToHashSet());
            before.Add(layer);
        }
    }

    /// <summary>Whoever looks at nothing finds nothing.</summary>
    [Fact]
    public void Every_type_of_the_sources_has_a_layer() => Assert.InRange(Layers().Count, 300, int.MaxValue);

    private static bool HasSources(string folder) =>
        Path.GetFileName(folder) is not ("bin" or "obj" or "build") && Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any();

    private static IEnumerable<(string From, string To)> Edges()
    {
        Dictionary<TypeDefinition, string> layers = Layers();
        return from entry in layers
               from type in WithNested(entry.Key)
               from target in new TypeReferences(type).Find().Select(Outermost).Distinct()
               where layers.TryGetValue(target, out string? to) && to != entry.Value
               select (entry.Value, layers[target]);
    }

    /// <summary>The layer of each type that is not in another one. Types that the compiler and the source generator make are no layer's.</summary>
    private static Dictionary<TypeDefinition, string> Layers()
    {
        string path = Path.Combine(Repository.OutputOf("src/Mitogen.Runtime"), "Mitogen.Runtime.dll");
        ModuleDefinition module = ModuleDefinition.ReadModule(path, new ReaderParameters { ReadSymbols = true, InMemory = true });
        IReadOnlyDictionary<string, string> declared = TypeDocuments.Read(Path.ChangeExtension(path, ".pdb"), path);
        Dictionary<TypeDefinition, string> layers = [];
        foreach (TypeDefinition type in module.Types)
        {
            IEnumerable<string> files = WithNested(type).SelectMany(static t => t.Methods)
                .SelectMany(static m => m.DebugInformation.SequencePoints).Select(static p => p.Document.Url);
            string? layer = files.Append(declared.GetValueOrDefault(type.FullName, "")).Select(LayerOf).FirstOrDefault(static l => l is not null);
            if (layer is not null)
            {
                layers.Add(type, layer);
            }
        }

        return layers;
    }

    /// <summary>The layer of a file; <see langword="null"/> if it is none of the sources. They may have been built elsewhere.</summary>
    private static string? LayerOf(string file)
    {
        int start = file.LastIndexOf(Sources, StringComparison.Ordinal);
        string[] parts = start < 0 ? [] : file[(start + Sources.Length)..].Split('/');
        return parts.Length == 0 || parts[0] == "obj" ? null : parts.Length == 1 ? Top : parts[0];
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
