using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>What is not data: it stays where it is, and a reference to it is sent.</summary>
internal sealed partial class FormatterVisitor
{
    private const string NotGenerated = "has no generated code: build its project with the source generator of Mitogen";

    // The first one's path and name; the local contracts of all.
    private readonly SortedSet<string> _contracts = new(StringComparer.Ordinal);
    private (string Path, string What)? _firstReference;

    public WireReferences? References =>
        _firstReference is { } first ? new WireReferences(first.Path, first.What, _contracts.ToEquatableArray()) : null;

    protected override VisitedType? VisitReference(INamedTypeSymbol type, string path)
    {
        if (type.IsContract())
        {
            return type.IsOpen() ? null : NoteReference(type, path, "a contract") ?? VisitContract(type, path);
        }

        return type.IsByteStream()
            ? NoteReference(type, path, "a stream of bytes") ?? VisitedType.Of(TypeNames.Source(type), new ByteStreamEncoding(type.Name))
            : NoteReference(type, path, "a stream of items") ?? VisitItems(type, path);
    }

    /// <summary>Notes the reference; or refuses it, because here is only data.</summary>
    private VisitedType? NoteReference(INamedTypeSymbol type, string path, string what)
    {
        switch (place)
        {
            case WirePlace.Item:
                return Refuse(path, type, $"is {what}, and the items of a stream are data: return them as a list in a Task<>");
            case WirePlace.Report:
                return Refuse(path, type, $"is {what}, and a report of progress is data: make it a parameter of its own");
            default:
                _firstReference ??= (path, what);
                return null;
        }
    }

    private VisitedType VisitContract(INamedTypeSymbol type, string path)
    {
        if (!type.HasGeneratedClass(Compilation.Assembly))
        {
            return Refuse(path, type, NotGenerated);
        }

        ContractReference contract = type.ReferenceFrom(Compilation.Assembly);
        if (contract.IsLocal)
        {
            _contracts.Add(contract.MetadataName);
        }

        return Add(type, 0, new ContractShape(contract.ClassName));
    }

    /// <summary>A stream carries its items in messages of their own, so that they are walked apart from what carries the stream.</summary>
    private VisitedType VisitItems(INamedTypeSymbol type, string path)
    {
        ITypeSymbol itemType = type.TypeArguments[0];
        FormatterVisitor items = new(Compilation, WirePlace.Item);
        VisitedType item = items.Visit(itemType, path + "[]");
        if (items.Error is not null)
        {
            State.Refuse(items.State);
            return Refused;
        }

        _formatters.AddRange(items.Formatters());
        State.Warnings.AddRange(items.Warnings);
        return Add(type, item.Level, new ItemsShape(item.Type));
    }
}
