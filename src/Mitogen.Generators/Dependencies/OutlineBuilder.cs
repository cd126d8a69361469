using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Dependencies;

/// <summary>Reads the outline of one file.</summary>
/// <remarks>
/// Left out are the bodies of methods, constructors and operators, except where a parse may look at them to see which state a type's
/// properties show, and what is between tokens: no parse tells a type that is not null from one that <c>#nullable disable</c> says nothing of. Tokens are enumerated without recursion: an
/// initializer may be an expression of any depth.
/// </remarks>
internal sealed class OutlineBuilder
{
    private readonly List<OutlinedName> _names = [];
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);
    private readonly CancellationToken _cancellationToken;
    private readonly OutlineText _shared = new();

    private OutlineBuilder(CancellationToken cancellationToken) => _cancellationToken = cancellationToken;

    public static FileOutline Build(SyntaxNode root, CancellationToken cancellationToken)
    {
        var builder = new OutlineBuilder(cancellationToken);
        if (root is CompilationUnitSyntax unit)
        {
            builder.AddFile(unit);
        }

        return new(
            builder._names,
            [.. builder._namespaces],
            builder._shared.IsEmpty ? null : builder._shared.ToName("", [], OutlinedKind.Shared));
    }

    private void AddFile(CompilationUnitSyntax unit)
    {
        foreach (AttributeListSyntax attributes in unit.AttributeLists)
        {
            _shared.Add(attributes.DescendantTokens());
        }

        OutlineText around = new();
        AddUsings(unit.Externs, unit.Usings, around);
        AddMembers(unit.Members, "", around);
    }

    private void AddUsings(SyntaxList<ExternAliasDirectiveSyntax> externs, SyntaxList<UsingDirectiveSyntax> usings, OutlineText around)
    {
        foreach (ExternAliasDirectiveSyntax alias in externs)
        {
            around.Add(alias.DescendantTokens());
        }

        foreach (UsingDirectiveSyntax use in usings)
        {
            bool isGlobal = !use.GlobalKeyword.IsKind(SyntaxKind.None);
            (isGlobal ? _shared : around).Add(use.DescendantTokens());
            if (use.Alias is { } alias)
            {
                OutlineText text = new();
                text.Add(use.DescendantTokens());
                _names.Add(text.ToName(alias.Name.Identifier.ValueText, [], OutlinedKind.Alias));
            }
        }
    }

    private void AddMembers(SyntaxList<MemberDeclarationSyntax> members, string @namespace, OutlineText around)
    {
        foreach (MemberDeclarationSyntax member in members)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            switch (member)
            {
                case BaseNamespaceDeclarationSyntax space:
                    AddNamespace(space, @namespace, around);
                    break;
                case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax:
                    AddType(member, @namespace, around);
                    break;
            }
        }
    }

    private void AddNamespace(BaseNamespaceDeclarationSyntax space, string outer, OutlineText around)
    {
        string full = outer;
        foreach (SyntaxToken part in space.Name.DescendantTokens().Where(static t => t.IsKind(SyntaxKind.IdentifierToken)))
        {
            full = full.Length == 0 ? part.ValueText : $"{full}.{part.ValueText}";
            _namespaces.Add(full);
        }

        OutlineText within = around.Copy();
        within.Add(full);
        AddUsings(space.Externs, space.Usings, within);
        AddMembers(space.Members, full, within);
    }

    private void AddType(MemberDeclarationSyntax type, string @namespace, OutlineText around)
    {
        string name = NameOf(type);
        OutlineText text = around.Copy();
        text.Add(type.DescendantTokens(node => node == type || !IsLeftOut(node)));
        if (ShowsStateByCode(type))
        {
            text.AddUnmentioned(type.DescendantTokens());
        }

        string[] bases = type is BaseTypeDeclarationSyntax { BaseList: { } list } ? BasesIn(list) : [];
        bool isHierarchy = type is ClassDeclarationSyntax or RecordDeclarationSyntax
            && (bases.Length > 0 || type.Modifiers.Any(SyntaxKind.AbstractKeyword));
        OutlinedKind kind = @namespace.StartsWith(Identity.GeneratedNamespace, StringComparison.Ordinal) ? OutlinedKind.Generated
            : isHierarchy ? OutlinedKind.HierarchyClass
            : OutlinedKind.Type;
        _names.Add(text.ToName(name, bases, kind));

        if (type is TypeDeclarationSyntax { Members: var members } && members.Any(IsType))
        {
            // A nested type sees the header of the one around it and, by its name, all the rest.
            OutlineText within = around.Copy();
            within.Add(type.DescendantTokens(node => node == type || node is not MemberDeclarationSyntax));
            within.Mention(name);
            AddMembers(members, "", within);
        }
    }

    private static string[] BasesIn(BaseListSyntax list) =>
    [
        .. list.Types
            .SelectMany(static type => type.Type.DescendantTokens())
            .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(static token => token.ValueText)
            .Distinct(StringComparer.Ordinal),
    ];

    private static bool IsLeftOut(SyntaxNode node) => node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax => node.Parent is BaseMethodDeclarationSyntax,
        MemberDeclarationSyntax member => IsType(member),
        _ => false,
    };

    // Its accessors may call its methods, and its methods keep the parameters of its primary constructor. A service is never sent.
    private static bool ShowsStateByCode(MemberDeclarationSyntax type) => type is ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax
        && !type.AttributeLists.SelectMany(static list => list.Attributes).Any(static at => DeclaredNames.SimpleNameOf(at).StartsWith("RemoteService", StringComparison.Ordinal))
        && (type is TypeDeclarationSyntax { ParameterList: not null } and not RecordDeclarationSyntax
            || ((TypeDeclarationSyntax)type).Members.OfType<PropertyDeclarationSyntax>().Any(static property =>
                property.ExpressionBody is not null || property.AccessorList?.Accessors.Any(static at => at.Body is not null || at.ExpressionBody is not null) == true));

    private static bool IsType(MemberDeclarationSyntax member) => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax;

    private static string NameOf(MemberDeclarationSyntax type) =>
        type is DelegateDeclarationSyntax @delegate ? @delegate.Identifier.ValueText : ((BaseTypeDeclarationSyntax)type).Identifier.ValueText;
}
