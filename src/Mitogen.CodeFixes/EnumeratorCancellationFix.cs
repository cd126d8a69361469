using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Mitogen.CodeFixes;

/// <summary>Marks an iterator's token with <c>[EnumeratorCancellation]</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class EnumeratorCancellationFix() : FixProvider<ParameterSyntax>("MITO044", "Mark the token with [EnumeratorCancellation]")
{
    private protected override SyntaxNode Fix(ParameterSyntax node, DocumentEditor editor) => editor.Generator.AddAttributes(
        node, editor.Generator.Attribute(TypeSyntaxes.Named("System.Runtime.CompilerServices.EnumeratorCancellation")));
}
