using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds the errors that the compiler itself reports of a declaration: what is wrong there may be their consequence.</summary>
/// <remarks>The answer takes long, and is asked for only where there is something to report.</remarks>
internal sealed class CompilerErrors(Compilation compilation)
{
    // A partial member whose other part another generator prints: generators do not see each other's code.
    private static readonly string[] s_otherParts = ["CS8795", "CS9248"];

    /// <summary>Whether there are errors in the declaration of a type or member, or of the member that has a parameter, apart from the bodies of methods.</summary>
    public bool AreIn(ISymbol symbol) => symbol.DeclaringSyntaxReferences.Any(reference =>
        reference.GetSyntax().FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } declaration && AreIn(declaration, IsBody));

    /// <summary>The same of a type without its members.</summary>
    public bool AreInHeader(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(reference => AreIn(reference.GetSyntax(), static node => node is MemberDeclarationSyntax));

    /// <summary>Whether a type, what it is made of or what it inherits is unknown, or has errors in its declaration.</summary>
    public bool AreBehind(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => AreBehind(array.ElementType),
        IPointerTypeSymbol pointer => AreBehind(pointer.PointedAtType),
        INamedTypeSymbol named => IsUnknown(named) || named.TypeArguments.Any(AreBehindArgument) || BasesOf(named).Any(at => IsUnknown(at) || AreIn(at)),
        _ => false,
    };

    /// <summary>Whether a type that the compiler does not know stands in a type.</summary>
    public static bool HasUnknown(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => HasUnknown(array.ElementType),
        IPointerTypeSymbol pointer => HasUnknown(pointer.PointedAtType),
        INamedTypeSymbol named => IsUnknown(named) || named.TypeArguments.Any(HasUnknown),
        _ => type.TypeKind == TypeKind.Error,
    };

    /// <summary>Whether a type argument is a class where a struct has to stand, or the other way around.</summary>
    public static bool HasMisfit(INamedTypeSymbol type) => type.TypeParameters.Zip(type.TypeArguments, static (parameter, argument) =>
        argument.TypeKind is not (TypeKind.TypeParameter or TypeKind.Error)
        && ((parameter.HasValueTypeConstraint && !argument.IsValueType) || (parameter.HasReferenceTypeConstraint && !argument.IsReferenceType))).Any(static isMisfit => isMisfit);

    private bool AreBehindArgument(ITypeSymbol argument) => HasUnknown(argument) || (argument is INamedTypeSymbol named && AreIn(named));

    private static bool IsUnknown(ITypeSymbol type) => type.TypeKind == TypeKind.Error;

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            yield return at;
        }
    }

    // Not those that are warnings, and errors because the project wants it; and not those of a project that is open beside this one.
    private bool AreIn(SyntaxNode declaration, Func<SyntaxNode, bool> isLeftOut) => compilation.ContainsSyntaxTree(declaration.SyntaxTree)
        && compilation.GetSemanticModel(declaration.SyntaxTree).GetDiagnostics(declaration.Span).Any(error =>
            error.DefaultSeverity == DiagnosticSeverity.Error
            && !s_otherParts.Contains(error.Id)
            && !NodeAt(error.Location, declaration).AncestorsAndSelf().TakeWhile(at => at != declaration).Any(isLeftOut));

    // An error of syntax may stand behind the last token.
    private static SyntaxNode NodeAt(Location error, SyntaxNode declaration) =>
        error.SourceSpan.Intersection(declaration.Span) is { } span && span.Start < declaration.Span.End ? declaration.FindNode(span) : declaration;

    private static bool IsBody(SyntaxNode node) => node is BlockSyntax or ArrowExpressionClauseSyntax && node.Parent is BaseMethodDeclarationSyntax;
}
