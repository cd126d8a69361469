using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace Mitogen.CodeFixes;

/// <summary>Makes a contract of the interface that a context is asked for, or asks for the contract that the named class implements.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ContractTypeFix : CodeFixProvider
{
    // The properties that the analyzer gives the diagnostic.
    private const string Instead = "Instead";
    private const string Markable = "Markable";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["MITO063"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Document document = context.Document;
        SyntaxNode? root = await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(Markable, out string? id) && id is not null)
            {
                const string Title = "Mark the interface with [Remote]";
                context.RegisterCodeFix(CodeAction.Create(Title, token => MarkAsync(document.Project, id, token), Title), diagnostic);
            }
            else if (diagnostic.Properties.TryGetValue(Instead, out string? contract) && contract is not null
                && root?.FindNode(diagnostic.Location.SourceSpan) is TypeSyntax named)
            {
                const string Title = "Name the contract";
                context.RegisterCodeFix(
                    CodeAction.Create(Title, _ => Task.FromResult(document.WithSyntaxRoot(root.ReplaceNode(named, Name(named, contract)))), Title), diagnostic);
            }
        }
    }

    private static async Task<Solution> MarkAsync(Project project, string id, CancellationToken cancellationToken)
    {
        Compilation? compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
        SyntaxReference? declaration = compilation is null
            ? null
            : DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation)?.DeclaringSyntaxReferences.FirstOrDefault();
        if (declaration is null || project.Solution.GetDocument(declaration.SyntaxTree) is not { } document)
        {
            return project.Solution;
        }

        DocumentEditor editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        editor.AddAttribute(
            await declaration.GetSyntaxAsync(cancellationToken).ConfigureAwait(false), editor.Generator.Attribute(TypeSyntaxes.Named("Mitogen.Remote")));
        return editor.GetChangedDocument().Project.Solution;
    }

    // The method's own name stands for a type that the compiler infers.
    private static TypeSyntax Name(TypeSyntax named, string contract)
    {
        TypeSyntax type = SyntaxFactory.ParseTypeName(contract).WithAdditionalAnnotations(Simplifier.Annotation);
        return named is IdentifierNameSyntax { Parent: not TypeArgumentListSyntax } method
            ? SyntaxFactory.GenericName(method.Identifier, SyntaxFactory.TypeArgumentList(SyntaxFactory.SingletonSeparatedList(type)))
            : type.WithTriviaFrom(named);
    }
}
