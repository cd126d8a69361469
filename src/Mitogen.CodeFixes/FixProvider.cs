using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace Mitogen.CodeFixes;

/// <summary>A fix that changes the syntax around one diagnostic alone, so that it can be made in a whole solution at once.</summary>
/// <typeparam name="TNode">The node that the diagnostic stands in.</typeparam>
/// <param name="id">The diagnostic.</param>
/// <param name="title">The text that an editor offers.</param>
public abstract class FixProvider<TNode>(string id, string title) : CodeFixProvider
    where TNode : SyntaxNode
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [id];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TNode>() is { } node && CanFix(node))
            {
                context.RegisterCodeFix(CodeAction.Create(title, token => FixAsync(context.Document, node, token), title), diagnostic);
            }
        }
    }

    /// <summary>Whether it can be told from the syntax how to fix it.</summary>
    private protected virtual bool CanFix(TNode node) => true;

    /// <summary>The node that stands there afterwards.</summary>
    private protected abstract SyntaxNode Fix(TNode node, DocumentEditor editor);

    private async Task<Document> FixAsync(Document document, TNode node, CancellationToken cancellationToken)
    {
        DocumentEditor editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        editor.ReplaceNode(node, Fix(node, editor));
        return editor.GetChangedDocument();
    }
}
