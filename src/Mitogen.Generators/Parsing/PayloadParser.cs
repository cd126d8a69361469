using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Finds out how a type is written and read, and which formatters that takes.</summary>
internal sealed class PayloadParser(Compilation compilation)
{
    public PayloadType Parse(ITypeSymbol type, PayloadPlace place = PayloadPlace.Call)
    {
        string name = type.SourceName();
        FormatterVisitor visitor = new(compilation, place);
        Payload payload;
        try
        {
            payload = visitor.Visit(type, TypeNames.People(type));
        }
        catch (InsufficientExecutionStackException)
        {
            return new PayloadType(
                name,
                new UnsupportedEncoding(),
                default,
                new PayloadError(TypeNames.People(type), "it leads through too many types for the compiler's stack: send ids of what is far away, and ask for it by those"));
        }

        return visitor.Error is null
            ? new PayloadType(name, payload.Encoding, visitor.Formatters(), null)
            {
                References = visitor.References,
                Warnings = visitor.Warnings.ToEquatableArray(),
            }
            : new PayloadType(name, new UnsupportedEncoding(), default, visitor.Error);
    }
}
