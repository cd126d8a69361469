using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds out how the types of one contract are written, and reports those that are not.</summary>
internal sealed class ContractPayloads(ContractReport report, PayloadParser payloads)
{
    /// <summary>The type of an argument or a result, or of a part that is sent by itself.</summary>
    /// <param name="type">The type.</param>
    /// <param name="at">The symbol to report at.</param>
    /// <param name="place">Where the type stands.</param>
    public PayloadType? Parse(ITypeSymbol type, ISymbol at, PayloadPlace place = PayloadPlace.Call)
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

        PayloadType payload = payloads.Parse(type, place);
        if (payload.Error is { } error)
        {
            report.Add(error.IsLoss ? Descriptors.LostState : Descriptors.Payload, at, display, error.Path, error.Reason);
        }

        foreach (PayloadWarning warning in payload.Warnings)
        {
            report.Add(Descriptors.UncheckedPayload, at, display, warning.Path, warning.Reason);
        }

        return payload;
    }
}
