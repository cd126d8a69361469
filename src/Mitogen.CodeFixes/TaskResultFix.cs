using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Mitogen.CodeFixes;

/// <summary>Lets a method whose result a blocking call cannot give return it in a <c>Task</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class BlockingReferenceFix() : TaskResultFix("MITO040");

/// <summary>Lets a method that cannot be a promise return its object in a <c>Task</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class PromiseFix() : TaskResultFix("MITO041");

/// <summary>Puts a method's result in a <c>Task</c>. A property would become a method, for which there is no name yet.</summary>
/// <param name="id">The diagnostic.</param>
public abstract class TaskResultFix(string id) : FixProvider<MethodDeclarationSyntax>(id, "Return a Task")
{
    private protected override SyntaxNode Fix(MethodDeclarationSyntax node, DocumentEditor editor) =>
        node.WithReturnType(TypeSyntaxes.TaskOf(node.ReturnType));
}
