using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Mitogen.CodeFixes;

/// <summary>Types that fixes put in, named in full; the editor shortens the names where a <c>using</c> allows it.</summary>
internal static class TypeSyntaxes
{
    public static NameSyntax Named(string fullName) =>
        SyntaxFactory.ParseName("global::" + fullName).WithAdditionalAnnotations(Simplifier.Annotation);

    /// <summary>A <c>Task</c> of the type, in its place.</summary>
    public static TypeSyntax TaskOf(TypeSyntax type) => SyntaxFactory
        .ParseTypeName($"global::System.Threading.Tasks.Task<{type.WithoutTrivia()}>")
        .WithTriviaFrom(type)
        .WithAdditionalAnnotations(Simplifier.Annotation);
}
