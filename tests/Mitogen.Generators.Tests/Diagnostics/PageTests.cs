using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

/// <summary>Each diagnostic has a page, whose violation is reported and whose fix is clean, and a row in the lists.</summary>
public sealed partial class PageTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(TestCompiler.ProjectFolder(), "..", ".."));
    private static readonly string s_pages = Path.Combine(s_root, "docs", "diagnostics");

    public static TheoryData<string> Ids => [.. Descriptors.All.Select(static d => d.Id)];

    /// <summary>Those that code can cause: all but a failure of the generator, whose causes are mended.</summary>
    public static TheoryData<string> Caused => [.. Descriptors.All.Select(static d => d.Id).Where(static id => id != Descriptors.GeneratorFailure.Id)];

    [Fact]
    public void Ids_are_unique() => Assert.Distinct(Descriptors.All.Select(static d => d.Id));

    [Fact]
    public void There_is_no_page_without_a_diagnostic() => Assert.Equal(
        Descriptors.All.Select(static d => d.Id + ".md"),
        Directory.GetFiles(s_pages, "MITO*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_is_listed(string id)
    {
        DiagnosticDescriptor descriptor = Descriptors.All.Single(d => d.Id == id);
        Assert.Matches($"^https://.+/blob/main/docs/diagnostics/{id}\\.md$", descriptor.HelpLinkUri);
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", File.ReadAllText(Path.Combine(s_pages, id + ".md")), StringComparison.Ordinal);
        string list = File.ReadAllText(Path.Combine(s_pages, "README.md"));
        Assert.Contains($"| [{id}]({id}.md) | {descriptor.Title} |\n", list, StringComparison.Ordinal);
        string releases = Path.Combine(s_root, "src", "Mitogen.Generators", "AnalyzerReleases.");
        string released = File.ReadAllText(releases + "Shipped.md") + File.ReadAllText(releases + "Unshipped.md");
        Assert.Contains($"\n{id} | Mitogen | {descriptor.DefaultSeverity} | {descriptor.Title}, ", released, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Caused))]
    public void Its_violation_is_reported(string id)
    {
        // The other project of this page is what it is about: it was built without the generator.
        bool isGenerated = id != Descriptors.ContractNotGenerated.Id;

        GeneratedSample sample = Compile(id, "Violation", isGenerated);

        Assert.Equal([id], sample.Diagnostics.Concat(sample.Analyze()).Select(static d => d.Id));
        Assert.Empty(sample.Output.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error));
    }

    [Theory]
    [MemberData(nameof(Caused))]
    public void Its_fix_is_clean(string id) => Assert.Empty(Compile(id, "Fix", isOtherGenerated: true).AssertClean().Analyze());

    private static GeneratedSample Compile(string id, string heading, bool isOtherGenerated)
    {
        string page = File.ReadAllText(Path.Combine(s_pages, id + ".md"));
        MetadataReference[] references = [];
        if (Code(page, "Another project") is { } other)
        {
            var compilation = TestCompiler.Compile(other, "Other");
            references = isOtherGenerated
                ? [TestCompiler.Generate(compilation).AssertClean().ToReference()]
                : [compilation.EmitToImageReference()];
        }

        string code = Code(page, heading) ?? throw new InvalidOperationException($"{id}.md has no '{heading}'.");
        CSharpCompilation input = TestCompiler.Compile(code, "Program", isExecutable: true, references);

        // The code of this page is right in a newer language.
        return id == Descriptors.LanguageVersion.Id && heading == "Violation"
            ? TestCompiler.Generate(input, LanguageVersion.CSharp12)
            : TestCompiler.Generate(input, Code(page, "What another generator prints"));
    }

    private static string? Code(string page, string heading) =>
        Block().Matches(page).FirstOrDefault(m => m.Groups[1].Value == heading)?.Groups[2].Value;

    [GeneratedRegex(@"^## ([^\n]+)\n\n```csharp\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
