using Microsoft.CodeAnalysis;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Diagnostics;

/// <summary>Makes a diagnostic of a failure of the generator: of one declaration, so that the others have their code.</summary>
internal static class Guard
{
    /// <summary>Parses a declaration; a failure is a diagnostic at it.</summary>
    /// <param name="what">The declaration's name.</param>
    /// <param name="location">Its place.</param>
    /// <param name="parse">The parse.</param>
    public static ParseResult<TModel> Parse<TModel>(string what, LocationInfo? location, Func<ParseResult<TModel>> parse)
        where TModel : class, IEquatable<TModel>
    {
        try
        {
            return parse();
        }
#pragma warning disable CA1031 // whatever it is, it is told
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new ParseResult<TModel>(null, new([Describe(e, what, location)]));
        }
    }

    /// <summary>Adds a file, or says why there is none.</summary>
    /// <param name="output">The output to add it to.</param>
    /// <param name="what">The declaration that the code is for.</param>
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
