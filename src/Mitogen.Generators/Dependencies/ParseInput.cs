using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Dependencies;

/// <summary>A declaration that is to be parsed, with the fingerprint of all that its parse depends on.</summary>
/// <remarks>
/// It stays in the driver's tables for as long as a newer one compares equal, so it keeps nothing of the compilation alive. It is
/// parsed in the run that made it, or never; the steps of that run share the result.
/// </remarks>
internal sealed class ParseInput<TModel>
    where TModel : class, IEquatable<TModel>
{
    private readonly WeakReference<Compilation> _compilation;
    private readonly FoundDeclaration _found;
    private readonly DeclarationParser<TModel> _parse;
    private ParseResult<TModel>? _result;

    public ParseInput(TypeDeclarationSyntax node, DependencyGraph graph, DeclarationParser<TModel> parse)
    {
        _compilation = graph.Weak;
        _found = FoundDeclaration.Of(node);
        _parse = parse;
        Fingerprint = graph.Of(_found.Name);
    }

    public DeclarationKey Key => _found.Key;

    /// <summary>Where its name stands.</summary>
    public LocationInfo? Location => _found.Location;

    public Fingerprint Fingerprint { get; }

    /// <summary>Tells those apart of which the parse finds out different models.</summary>
    public static IEqualityComparer<ParseInput<TModel>> ByText { get; } = new Comparer(static (x, y) =>
        x.Fingerprint.Text == y.Fingerprint.Text && x.Key == y.Key);

    /// <summary>Tells those apart, too, whose parse finds things in different places.</summary>
    public static IEqualityComparer<ParseInput<TModel>> ByPlace { get; } = new Comparer(static (x, y) =>
        x.Fingerprint == y.Fingerprint && x.Key == y.Key && x.Location == y.Location);

    public ParseResult<TModel> Parse(CancellationToken cancellationToken) => _result ??= Guard.Parse(Key.Name, Location, () => ParseNow(cancellationToken));

    private ParseResult<TModel> ParseNow(CancellationToken cancellationToken)
    {
        if (!_compilation.TryGetTarget(out Compilation compilation) || _found.FindNode(cancellationToken) is not { } node)
        {
            throw new InvalidOperationException($"'{Key.Name}' is parsed in a later run than the one that it was found in.");
        }

        return compilation.GetSemanticModel(node.SyntaxTree).GetDeclaredSymbol(node, cancellationToken) is INamedTypeSymbol symbol
            ? _parse(new(symbol, node, compilation), cancellationToken)
            : ParseResult<TModel>.Nothing;
    }

    private sealed class Comparer(Func<ParseInput<TModel>, ParseInput<TModel>, bool> areEqual) : IEqualityComparer<ParseInput<TModel>>
    {
        public bool Equals(ParseInput<TModel>? x, ParseInput<TModel>? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && areEqual(x, y));

        public int GetHashCode(ParseInput<TModel> input) => input.Fingerprint.Text.GetHashCode();
    }
}
