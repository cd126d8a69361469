using System.Runtime.CompilerServices;
using Mitogen.Generators.Emission;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Tests;

/// <summary>The parser decides, the model carries, the emitter prints.</summary>
public sealed class CharterTests
{
    [Theory]
    [InlineData("Model", "Parsing.")]
    [InlineData("Model", "Emission.")]
    [InlineData("Model", "Mitogen.Generators.Parsing")]
    [InlineData("Model", "Mitogen.Generators.Emission")]
    [InlineData("Model", "using Microsoft.CodeAnalysis")]
    [InlineData("Parsing", "Emission.")]
    [InlineData("Parsing", "Mitogen.Generators.Emission")]
    [InlineData("Parsing", "global::Mitogen")]
    [InlineData("Emission", "Parsing.")]
    [InlineData("Emission", "Mitogen.Generators.Parsing")]
    [InlineData("Emission", "using Microsoft.CodeAnalysis")]
    public void A_folder_does_not_mention(string folder, string name)
    {
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(GeneratorFolder(), folder), "*.cs").SelectMany(File.ReadLines),
            line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_emitter_knows_each_collection_that_the_parser_knows() =>
        Assert.Equal(KnownCollections.All.Keys.Order(StringComparer.Ordinal), CollectionSyntax.Definitions.Order(StringComparer.Ordinal));

    private static string GeneratorFolder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "src", "Mitogen.Generators");
}
