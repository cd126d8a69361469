using Microsoft.CodeAnalysis;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Diagnostics;

/// <summary>Makes a diagnostic of a failure of the generator: of one declaration, so that the others have their code.</summary>
internal static class Guard
{
    /// <summary>A parse that does not throw.</summary>
    /// <param name="parse">The parse.</param>
    public static Func<GeneratorAttributeSyntaxContext, CancellationToken, ParseResult<TModel>?> Parse<TModel>(
        Func<GeneratorAttributeSyntaxContext, CancellationToken, ParseResult<TModel>?> parse)
        where TModel : class, IEquatable<TModel> => (context, cancellationToken) =>
    {
        try
        {
            return parse(context, cancellationToken);
        }
#pragma warning disable CA1031 // whatever it is, it is told
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            var location = LocationInfo.Of(context.TargetSymbol);
            return new ParseResult<TModel>(null, location, new([Describe(e, context.TargetSymbol.Name, location)]));
        }
    };

    /// <summary>Adds a file, or says why there is none.</summary>
    /// <param name="output">What to add it to.</param>
    /// <param name="what">What it is the code of.</param>
    /// <param name="add">Prints and adds it.</param>
    public static void Add(SourceProductionContext output, string what, Action add)
    {
        try
        {
            add();
        }
#pragma warning disable CA1031 // whatever it is, it is told
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            output.ReportDiagnostic(Describe(e, what, null).ToDiagnostic());
        }
    }

    // The first line of the stack says where; a message has one line.
    private static DiagnosticInfo Describe(Exception error, string what, LocationInfo? location)
    {
        string where = error.StackTrace?.Split('\n')[0].Trim() ?? "";
        return DiagnosticInfo.Create(
            Descriptors.GeneratorFailure, location, what, $"{error.GetType()}: {error.Message} {where}".Replace("\r", "").Replace('\n', ' '));
    }
}
