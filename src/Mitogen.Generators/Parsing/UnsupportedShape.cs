using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;

namespace Mitogen.Generators.Parsing;

/// <summary>A parameter's or result's type that has a meaning of its own, or none, apart from being written as data.</summary>
/// <param name="Descriptor">What to report.</param>
/// <param name="Words">The message's arguments after the name.</param>
internal sealed record UnsupportedShape(DiagnosticDescriptor Descriptor, params string[] Words)
{
    public static UnsupportedShape? Of(ITypeSymbol type) => type switch
    {
        IDynamicTypeSymbol => Unusable("'dynamic'", "name the type"),
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => Unusable("a pointer", "pass the data that it points to"),
        { IsRefLikeType: true } => Unusable("a view of memory", "pass an array or a ReadOnlyMemory<T>"),
        { TypeKind: TypeKind.Delegate } => new(Descriptors.DelegateType),
        INamedTypeSymbol named when IsTask(named) => Unusable("a task", "await it, and pass or return its result"),
        INamedTypeSymbol named => OfNamed(named),
        _ => null,
    };

    private static UnsupportedShape? OfNamed(INamedTypeSymbol type)
    {
        if (type.Is(KnownNames.AsyncEnumerable))
        {
            return Later("a stream of items", "return a list, or a part of it for each call");
        }

        if (type.Is(KnownNames.PipeReader) || type.Is(KnownNames.PipeWriter) || IsStream(type))
        {
            return Later("a stream of bytes", "pass a byte array, or a part of it for each call");
        }

        if (type.Is(KnownNames.Progress))
        {
            return Later("a progress report", "declare a method that returns how far the work is");
        }

        return type.IsContract() ? Later("a contract", "get the service from its context with Get<T>()") : null;
    }

    private static bool IsTask(INamedTypeSymbol type) =>
        type.Is(KnownNames.Task) || type.Is(KnownNames.TaskOfT) || type.Is(KnownNames.ValueTask) || type.Is(KnownNames.ValueTaskOfT);

    private static bool IsStream(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? part = type; part is not null; part = part.BaseType)
        {
            if (part.Is(KnownNames.Stream))
            {
                return true;
            }
        }

        return false;
    }

    private static UnsupportedShape Unusable(string what, string remedy) => new(Descriptors.UnusableType, what, remedy);

    private static UnsupportedShape Later(string what, string remedy) => new(Descriptors.NotInThisVersion, what, remedy);
}
