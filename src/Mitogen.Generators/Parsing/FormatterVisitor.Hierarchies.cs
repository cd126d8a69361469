using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class FormatterVisitor
{
    /// <summary>An abstract class without the library's attributes: written as the library writes unions, if its types are all known.</summary>
    protected override VisitedType VisitHierarchy(INamedTypeSymbol type, string path)
    {
        if (RefusePlain(type, path) is { } refused)
        {
            return refused;
        }

        if (!ClosedHierarchy.IsClosed(type))
        {
            return Refuse(
                path,
                type,
                type.Locations.Any(static location => location.IsInSource)
                    ? "may be of any derived type: mark it "
                        + (type.TypeKind == TypeKind.Interface ? "[Remote] to pass a proxy of it, or mark it " : "")
                        + "[MemoryPackable] with a [MemoryPackUnion] per derived type"
                        + (type.TypeKind == TypeKind.Interface ? "" : ", or give it no constructor that other assemblies see")
                    : $"may be of any derived type, and belongs to '{type.ContainingAssembly.Name}': declare the type that is sent, or a [Remote] " +
                        "interface with the methods that are called");
        }

        IReadOnlyList<INamedTypeSymbol> types = ClosedHierarchy.CasesOf(type);
        if (types.Count == 0)
        {
            return Refuse(path, type, "is abstract, and nothing derives from it: derive a type in its assembly");
        }

        if (types.FirstOrDefault(ClosedHierarchy.IsUndetermined) is { } open)
        {
            return Refuse($"{path}({open.Name})", open, $"may be of any type arguments where a '{TypeNames.People(type)}' is declared: derive a type without parameters");
        }

        // Known before its types are: their members may be of this one.
        AddLater(type);
        VisitedType[] cases = VisitParts(type, types.Select(derived => ((ITypeSymbol)derived, $"{path}({derived.Name})")));
        return Add(type, 0, new UnionShape(TypeNames.People(type), cases.Select(static derived => derived.Type).ToEquatableArray()));
    }
}
