using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Dependencies;

/// <summary>The steps from the declarations with one attribute to their models and diagnostics.</summary>
/// <remarks>
/// <para>
/// The compiler asks for each declaration again after every edit. So it is only asked for the node; the declaration then gets the
/// fingerprint of all that its parse depends on, and is parsed again if that is another one.
/// </para>
/// <para>
/// Diagnostics have places in source, which also change when nothing else does. So declarations that have some are also parsed again
/// after an edit of a file that they depend on, and so are those of which nothing is reported because the compiler reports errors.
/// </para>
/// </remarks>
/// <param name="Models">The models of those without errors.</param>
/// <param name="Diagnostics">The errors of the others.</param>
/// <param name="Places">All declarations by name, with the place of each.</param>
/// <param name="GivenUp">The full metadata names of those without a model because of the compiler's errors.</param>
internal sealed record ParseSteps<TModel>(
    IncrementalValuesProvider<TModel> Models,
    IncrementalValuesProvider<DiagnosticInfo> Diagnostics,
    IncrementalValuesProvider<DeclarationPlace> Places,
    IncrementalValuesProvider<string> GivenUp)
    where TModel : class, IEquatable<TModel>
{
    /// <param name="syntax">Finds the declarations.</param>
    /// <param name="graph">Tells what they depend on.</param>
    /// <param name="attribute">The attribute's metadata name.</param>
    /// <param name="name">The beginning of the steps' names.</param>
    /// <param name="parse">Parses one.</param>
    public static ParseSteps<TModel> Create(
        SyntaxValueProvider syntax,
        IncrementalValueProvider<DependencyGraph> graph,
        string attribute,
        string name,
        DeclarationParser<TModel> parse)
    {
        string wanted = attribute.Substring(attribute.LastIndexOf('.') + 1);
        IncrementalValuesProvider<ParseInput<TModel>> inputs = syntax
            .CreateSyntaxProvider(
                static (node, _) => node is TypeDeclarationSyntax { AttributeLists.Count: > 0 },
                static (found, _) => (TypeDeclarationSyntax)found.Node)
            .Combine(graph)
            .Where(both => MayHave(both.Left, wanted, both.Right))
            .Select((both, _) => new ParseInput<TModel>(both.Left, both.Right, parse))
            ;

        IncrementalValuesProvider<Parsed<TModel>> parsed = inputs
            .Select(static (input, _) => input)
            .WithComparer(ParseInput<TModel>.ByText)
            .WithTrackingName(name + "Inputs")
            .Select(static (input, cancellationToken) => Parsed<TModel>.Of(input, cancellationToken))
            .WithTrackingName(name + "Parse");
        IncrementalValueProvider<EquatableArray<DeclarationKey>> faulty = parsed
            .Where(static p => p.IsFaulty)
            .Select(static (p, _) => p.Key)
            .Collect()
            .Select(static (keys, _) => keys.ToEquatableArray())
            .WithTrackingName(name + "Faults");

        IncrementalValuesProvider<ParseInput<TModel>> placed = inputs
            .Select(static (input, _) => input)
            .WithComparer(ParseInput<TModel>.ByPlace)
            .WithTrackingName(name + "Places");
        IncrementalValuesProvider<DiagnosticInfo> diagnostics = placed
            .Combine(faulty)
            .Where(static both => both.Right.Contains(both.Left.Key))
            .Select(static (both, _) => both.Left)
            .WithComparer(ParseInput<TModel>.ByPlace)
            .SelectMany(static (input, cancellationToken) => input.Parse(cancellationToken).Diagnostics)
            .WithTrackingName(name + "Diagnostics");

        return new(
            parsed.Where(static p => p.Model is not null).Select(static (p, _) => p.Model!).WithTrackingName(name + "Models"),
            diagnostics,
            placed.Select(static (input, _) => new DeclarationPlace(input.Key.Name, input.Location)),
            parsed.Where(static p => p.IsGivenUp).Select(static (p, _) => p.Key.Name).WithTrackingName(name + "GivenUp"));
    }

    private static bool MayHave(TypeDeclarationSyntax type, string attribute, DependencyGraph graph)
    {
        foreach (AttributeListSyntax list in type.AttributeLists)
        {
            foreach (AttributeSyntax candidate in list.Attributes)
            {
                if (graph.MayBe(DeclaredNames.SimpleNameOf(candidate), attribute))
                {
                    return true;
                }
            }
        }

        return false;
    }
}

/// <summary>The result of a declaration's parse, without places in source.</summary>
/// <param name="Key">The declaration.</param>
/// <param name="Model">Its model.</param>
/// <param name="IsFaulty">Whether there are diagnostics, or there may be some when the compiler's own errors are gone.</param>
/// <param name="IsGivenUp">Whether these errors are all that is known.</param>
internal sealed record Parsed<TModel>(DeclarationKey Key, TModel? Model, bool IsFaulty, bool IsGivenUp)
    where TModel : class, IEquatable<TModel>
{
    public static Parsed<TModel> Of(ParseInput<TModel> input, CancellationToken cancellationToken)
    {
        ParseResult<TModel> result = input.Parse(cancellationToken);
        return new(input.Key, result.Model, result.Diagnostics.Count > 0 || result.HasCompilerErrors, result.HasCompilerErrors && result.Diagnostics.Count == 0);
    }
}

/// <summary>Which declaration it is.</summary>
/// <param name="Name">The type's full metadata name.</param>
/// <param name="File">The file of this part of it.</param>
internal sealed record DeclarationKey(string Name, string File);

/// <summary>Where a declaration is.</summary>
internal sealed record DeclarationPlace(string Name, LocationInfo? Location);
