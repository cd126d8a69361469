using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class FormatterVisitor
{
    protected override VisitedType VisitPackable(INamedTypeSymbol type, Packable packable, string path)
    {
        if (WhyNoData(type) is { } reason)
        {
            return Refuse(path, type, reason);
        }

        // Known before its type arguments are: they may use it.
        AddLater(type);
        _graph.Enter(TypeNames.Identifier(type));
        CheckVisitor checks = new(this, Compilation, State);
        string? check = checks.OfPackable(type, packable, path)?.Name;
        foreach (ITypeSymbol argument in type.TypeArguments)
        {
            if (Error is null)
            {
                Root(argument, path);
            }
        }

        _graph.Leave();
        return Add(type, 0, new PackableShape(packable.Formatter, check, check is null ? default : checks.All()));
    }

    /// <summary>
    /// Lets the library find the formatter of what a generic type probably writes. If that cannot be sent it is no error: it may be a
    /// name only, as the customer in <c>Id&lt;Customer&gt;</c>.
    /// </summary>
    private void Root(ITypeSymbol type, string path)
    {
        Dictionary<ITypeSymbol, VisitedType> visited = new(_visited, SymbolEqualityComparer.Default);
        int count = _formatters.Count;
        int warnings = State.Warnings.Count;
        Visit(type, path);
        if (Error is not null)
        {
            State.Error = null;
            _visited = visited;
            _formatters.RemoveRange(count, _formatters.Count - count);
            State.Warnings.RemoveRange(warnings, State.Warnings.Count - warnings);
        }
        else if (type.TypeKind == TypeKind.Enum)
        {
            // The library makes those of enums at run time.
            Add(type, 0, new EnumShape());
        }
    }
}
