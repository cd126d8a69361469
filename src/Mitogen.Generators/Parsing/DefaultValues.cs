using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds the default values of parameters.</summary>
internal static class DefaultValues
{
    public static DefaultValue? Of(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue)
        {
            return null;
        }

        ITypeSymbol type = parameter.Type;
        return parameter.ExplicitDefaultValue switch
        {
            null when type.IsReferenceType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T => new NullDefault(),
            null => new EmptyDefault(type.SourceName()),
            { } value => new ConstantDefault(type.SourceName(), Literal(value)),
        };
    }

    private static string Literal(object value) => value switch
    {
        double number => Real(number, "global::System.Double", "d"),
        float number => Real(number, "global::System.Single", "f"),
        decimal number => number.ToString(CultureInfo.InvariantCulture) + "m",
        _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
    };

    private static string Real<T>(T number, string type, string suffix)
        where T : IConvertible, IFormattable => number.ToDouble(CultureInfo.InvariantCulture) switch
        {
            double.NaN => type + ".NaN",
            double.PositiveInfinity => type + ".PositiveInfinity",
            double.NegativeInfinity => type + ".NegativeInfinity",
            _ => number.ToString("R", CultureInfo.InvariantCulture) + suffix,
        };
}
