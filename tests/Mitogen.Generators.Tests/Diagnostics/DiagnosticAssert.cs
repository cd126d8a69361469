using System.Globalization;
using Microsoft.CodeAnalysis;
using Mitogen.Generators.Tests.Harness;

namespace Mitogen.Generators.Tests.Diagnostics;

internal static class DiagnosticAssert
{
    public static string Message(this Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);

    /// <summary>
    /// Asserts that exactly the marked diagnostics are reported, each at its mark, and that they stand alone: no error of the
    /// compiler in generated code follows from them.
    /// </summary>
    public static Diagnostic[] Reported(string marked, params MetadataReference[] references) =>
        Reported(marked, isExecutable: false, references);

    /// <summary>The same of a program, whose entry point is in the source.</summary>
    public static Diagnostic[] ReportedInProgram(string marked) => Reported(marked, isExecutable: true, []);

    private static Diagnostic[] Reported(string marked, bool isExecutable, MetadataReference[] references)
    {
        var markup = new Markup(marked);
        GeneratedSample sample = TestCompiler.Generate(markup.Source, "Sample", isExecutable, references);
        Diagnostic[] reported = [.. sample.Diagnostics, .. sample.Analyze()];

        Assert.Equal(
            markup.Expected.OrderBy(static e => e.Span.Start),
            reported.Select(static d => (d.Id, d.Location.SourceSpan)).OrderBy(static e => e.SourceSpan.Start));
        Assert.All(reported, static d => Assert.Equal("Sample.cs", d.Location.GetLineSpan().Path));
        Assert.Empty(sample.Output.GetDiagnostics().Where(static d => d.Severity == DiagnosticSeverity.Error));
        return reported;
    }
}
