using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Parsing;

/// <summary>Reads the code of accessors: which fields and constructor parameters they show and set, also through other members.</summary>
internal sealed class AccessorCode(Compilation compilation)
{
    // How many accessors and methods are followed from one accessor.
    private const int MaxFollowed = 100;

    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _reads = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _uses = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a property shows the field or parameter, and sets it where it has an accessor for that.</summary>
    public bool Carries(ObjectMember member, ISymbol state)
    {
        IMethodSymbol? getter = member.Declarations.OfType<IPropertySymbol>().Select(static at => at.GetMethod).FirstOrDefault(static at => at is not null);
        return getter is not null
            && Reach(getter, _reads, onlyReads: true).Contains(state)
            && (member.Setter is not { } setter || Reach(setter, _uses, onlyReads: false).Contains(state));
    }

    /// <summary>The parameters of a primary constructor that the compiler keeps in fields, because other members use them.</summary>
    public IEnumerable<IParameterSymbol> Captured(INamedTypeSymbol type)
    {
        IMethodSymbol? constructor = type.InstanceConstructors.FirstOrDefault(static at =>
            at.Parameters.Length > 0 && at.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax));
        if (constructor is null)
        {
            return [];
        }

        HashSet<string> names = new(constructor.Parameters.Select(static parameter => parameter.Name), StringComparer.Ordinal);
        HashSet<ISymbol> used = new(
            type.DeclaringSyntaxReferences
                .Select(static reference => reference.GetSyntax())
                .OfType<TypeDeclarationSyntax>()
                .SelectMany(static declaration => declaration.Members)
                .SelectMany(Bodies)
                .SelectMany(static body => body.DescendantNodesAndSelf())
                .OfType<IdentifierNameSyntax>()
                .Where(name => names.Contains(name.Identifier.ValueText))
                .Select(SymbolOf)
                .OfType<IParameterSymbol>(),
            SymbolEqualityComparer.Default);
        return constructor.Parameters.Where(used.Contains);
    }

    // Initializers run in the constructor, and keep nothing; a nested type does not see the parameters.
    private static IEnumerable<SyntaxNode> Bodies(MemberDeclarationSyntax member) => member switch
    {
        PropertyDeclarationSyntax property => new SyntaxNode?[] { property.AccessorList, property.ExpressionBody }.OfType<SyntaxNode>(),
        FieldDeclarationSyntax or EventFieldDeclarationSyntax or BaseTypeDeclarationSyntax or ConstructorDeclarationSyntax => [],
        _ => [member],
    };

    /// <summary>The fields and parameters that code mentions, and the code that it calls in the same assembly.</summary>
    private HashSet<ISymbol> Reach(IMethodSymbol start, Dictionary<ISymbol, HashSet<ISymbol>> known, bool onlyReads)
    {
        start = start.OriginalDefinition;
        if (known.TryGetValue(start, out HashSet<ISymbol> found))
        {
            return found;
        }

        found = known[start] = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default) { start };
        Queue<IMethodSymbol> rest = new([start]);
        while (rest.Count > 0 && seen.Count < MaxFollowed)
        {
            foreach (SyntaxNode body in rest.Dequeue().DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()))
            {
                foreach (SimpleNameSyntax name in body.DescendantNodes().OfType<SimpleNameSyntax>())
                {
                    foreach (IMethodSymbol called in Note(name, found, onlyReads).Where(seen.Add))
                    {
                        rest.Enqueue(called);
                    }
                }
            }
        }

        return found;
    }

    private IEnumerable<IMethodSymbol> Note(SimpleNameSyntax name, HashSet<ISymbol> found, bool onlyReads)
    {
        ISymbol? symbol = SymbolOf(name)?.OriginalDefinition;
        switch (symbol)
        {
            case IFieldSymbol or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } }:
                if (!onlyReads || !IsOnlyChanged(name))
                {
                    found.Add(symbol);
                }

                return [];
            case IPropertySymbol property:
                return new[] { property.GetMethod, property.SetMethod }.OfType<IMethodSymbol>();
            case IMethodSymbol method:
                return [method];
            default:
                return [];
        }
    }

    private ISymbol? SymbolOf(SimpleNameSyntax name) => ModelOf(name.SyntaxTree)?.GetSymbolInfo(name).Symbol;

    // An editor has the other projects as source too.
    private SemanticModel? ModelOf(SyntaxTree tree)
    {
        Compilation? owner = compilation.ContainsSyntaxTree(tree)
            ? compilation
            : compilation.References.OfType<CompilationReference>().Select(static at => at.Compilation).FirstOrDefault(at => at.ContainsSyntaxTree(tree));
#pragma warning disable RS1030 // a wire type is declared anywhere, so that no model of it is at hand
        return owner?.GetSemanticModel(tree);
#pragma warning restore RS1030
    }

    // A value that a getter counts or remembers is no part of the one that it shows.
    private static bool IsOnlyChanged(SimpleNameSyntax name)
    {
        SyntaxNode target = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access ? access : name;
        return target.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == target && !assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression),
            PostfixUnaryExpressionSyntax unary => !unary.IsKind(SyntaxKind.SuppressNullableWarningExpression),
            PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression),
            _ => false,
        };
    }
}
