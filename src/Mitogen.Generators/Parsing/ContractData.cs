using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds out how the types of one contract are written, and reports those that are not.</summary>
internal sealed class ContractData(ContractReport report, WireParser data)
{
    /// <summary>The type of an argument or a result, or of a part that is sent by itself.</summary>
    /// <param name="type">The type.</param>
    /// <param name="place">Where the type stands.</param>
    public WireType? Parse(WrittenType type, WirePlace place = WirePlace.Call)
    {
        if (CompilerErrors.HasUnknown(type.Type))
        {
            report.AddCompilerError();
            return null;
        }

        if (UnsupportedShape.Of(type.Type) is { } shape)
        {
            report.Add(shape.Descriptor, type, [type.Display, .. shape.Words]);
            return null;
        }

        WireType wire = data.Parse(type.Type, place);
        if (wire.Error is { IsOfCompiler: true })
        {
            report.AddCompilerError();
        }
        else if (wire.Error is { } error)
        {
            report.Add(
                error.IsLoss ? Descriptors.LostState : Descriptors.UnsendableData,
                Innermost(type, place, (part, symbol) => part.Error is { } same && same.Reason == error.Reason && IsSame(error.Path, same.Path, symbol)),
                type.Display,
                error.Path,
                error.Reason);
        }

        foreach (WireWarning warning in wire.Warnings)
        {
            report.Add(
                Descriptors.UncheckedData,
                Innermost(type, place, (part, symbol) => part.Warnings.Any(same => same.Reason == warning.Reason && IsSame(warning.Path, same.Path, symbol))),
                type.Display,
                warning.Path,
                warning.Reason);
        }

        return wire;
    }

    /// <summary>The smallest part of a type that is sent of which something holds by itself.</summary>
    public WrittenType Innermost(WrittenType type, WirePlace place, Func<WireType, ITypeSymbol, bool> holds)
    {
        while (true)
        {
            place = type.Type.Is(KnownNames.AsyncEnumerable) ? WirePlace.Item : place;
            WrittenType[] parts = [.. type.Parts().Where(part => holds(data.Parse(part.Type, place), part.Type)).Take(1)];
            if (parts.Length == 0)
            {
                return type;
            }

            type = parts[0];
        }
    }

    // A part has the same path from itself on. (A long one is not whole.)
    private static bool IsSame(string path, string part, ITypeSymbol type) =>
        path.EndsWith(WalkState.Cut, StringComparison.Ordinal)
        || part.EndsWith(WalkState.Cut, StringComparison.Ordinal)
        || path.EndsWith(part.Substring(TypeNames.People(type).Length), StringComparison.Ordinal);
}
