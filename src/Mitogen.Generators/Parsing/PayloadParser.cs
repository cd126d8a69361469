using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed class PayloadParser(Compilation compilation)
{
    public PayloadType Parse(ITypeSymbol type)
    {
        PayloadError? error = SymbolEqualityComparer.Default.Equals(type, compilation.GetSpecialType(SpecialType.System_Object))
            ? new PayloadError(type.Name, "object says nothing about what is in it")
            : null;
        return new(type.SourceName(), PayloadKind.Library, default, error);
    }
}
