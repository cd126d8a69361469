using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds out how the types of one contract are written, and reports those that are not.</summary>
internal sealed class ContractData(ContractReport report, WireParser data)
{
    /// <summary>The type of an argument or a result, or of a part that is sent by itself.</summary>
    /// <param name="type">The type.</param>
    /// <param name="at">The symbol to report at.</param>
    /// <param name="place">Where the type stands.</param>
    public WireType? Parse(ITypeSymbol type, ISymbol at, WirePlace place = WirePlace.Call)
    {
        if (type.TypeKind == TypeKind.Error)
        {
            report.AddCompilerError();
            return null;
        }

        string display = ContractReport.Describe(at);
        if (UnsupportedShape.Of(type) is { } shape)
        {
            report.Add(shape.Descriptor, at, [display, .. shape.Words]);
            return null;
        }

        WireType wire = data.Parse(type, place);
        if (wire.Error is { } error)
        {
            report.Add(error.IsLoss ? Descriptors.LostState : Descriptors.UnsendableData, at, display, error.Path, error.Reason);
        }

        foreach (WireWarning warning in wire.Warnings)
        {
            report.Add(Descriptors.UncheckedData, at, display, warning.Path, warning.Reason);
        }

        return wire;
    }
}
