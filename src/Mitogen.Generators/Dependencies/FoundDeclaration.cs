using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Mitogen.Generators.Diagnostics;

namespace Mitogen.Generators.Dependencies;

/// <summary>
/// The part of a declaration that syntax alone tells. A file that was not edited has the same nodes as before, so that it is found out
/// once.
/// </summary>
internal sealed class FoundDeclaration
{
    private static readonly ConditionalWeakTable<TypeDeclarationSyntax, FoundDeclaration> s_found = new();

    private readonly WeakReference<SyntaxTree> _tree;
    private readonly TextSpan _span;

    private FoundDeclaration(TypeDeclarationSyntax node)
    {
        _tree = new(node.SyntaxTree);
        _span = node.Span;
        Name = node.Identifier.ValueText;
        Key = new(DeclaredNames.MetadataNameOf(node), node.SyntaxTree.FilePath);
        Location = LocationInfo.Of(node.Identifier.GetLocation());
    }

    /// <summary>The type's own name.</summary>
    public string Name { get; }

    public DeclarationKey Key { get; }

    /// <summary>Where its name stands.</summary>
    public LocationInfo? Location { get; }

    public static FoundDeclaration Of(TypeDeclarationSyntax node) => s_found.GetValue(node, static n => new FoundDeclaration(n));

    /// <summary>Its node; <see langword="null"/> when its file was edited since.</summary>
    public TypeDeclarationSyntax? FindNode(CancellationToken cancellationToken) => _tree.TryGetTarget(out SyntaxTree tree)
        ? tree.GetRoot(cancellationToken).FindNode(_span, getInnermostNodeForTie: true).FirstAncestorOrSelf<TypeDeclarationSyntax>()
        : null;
}
