using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;

namespace Mitogen.Generators.Parsing;

/// <summary>A parameter's or result's type that has no meaning in another context.</summary>
/// <param name="Descriptor">The diagnostic to report.</param>
/// <param name="Words">The message's arguments after the name.</param>
internal sealed record UnsupportedShape(DiagnosticDescriptor Descriptor, params string[] Words)
{
    public static UnsupportedShape? Of(ITypeSymbol type) => type switch
    {
        IDynamicTypeSymbol => Unusable("'dynamic'", "name the type"),
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => Unusable("a pointer", "pass the data that it points to"),
        { IsRefLikeType: true } => Unusable("a view of memory", "pass an array or a ReadOnlyMemory<T>"),
        { TypeKind: TypeKind.Delegate } => new(Descriptors.DelegateType),
        _ when type.IsTask() => Unusable("a task", "await it, and pass or return its result"),
        _ => null,
    };

    private static UnsupportedShape Unusable(string what, string remedy) => new(Descriptors.UnusableType, what, remedy);
}
