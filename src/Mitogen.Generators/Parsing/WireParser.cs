using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds out how a type is written and read, and which formatters that takes.</summary>
internal sealed class WireParser(Compilation compilation)
{
    private readonly CompilerErrors _errors = new(compilation);

    public WireType Parse(ITypeSymbol type, WirePlace place = WirePlace.Call)
    {
        string name = type.SourceName();
        FormatterVisitor visitor = new(compilation, place);
        VisitedType wire;
        try
        {
            wire = visitor.Visit(type, TypeNames.People(type));
        }
        catch (InsufficientExecutionStackException)
        {
            return new WireType(
                name,
                new UnsupportedEncoding(),
                default,
                new WireError(TypeNames.People(type), "it leads through too many types for the compiler's stack: send ids of what is far away, and ask for it by those"));
        }

        return visitor.Error is null
            ? new WireType(name, wire.Encoding, visitor.Formatters(), null)
            {
                References = visitor.References,
                Warnings = visitor.Warnings.ToEquatableArray(),
            }
            : new WireType(name, new UnsupportedEncoding(), default, visitor.Error with { IsOfCompiler = visitor.Error.IsOfCompiler || _errors.AreBehind(visitor.RefusedType!) });
    }
}
