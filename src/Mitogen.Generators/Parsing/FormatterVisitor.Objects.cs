using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class FormatterVisitor
{
    private const int MaxMembers = 249;

    protected override VisitedType VisitObject(INamedTypeSymbol type, string path) => RefusePlain(type, path)
        ?? (type is { IsValueType: true, IsUnmanagedType: true } ? VisitRawStruct(type, path) : VisitMembers(type, path));

    private VisitedType VisitMembers(INamedTypeSymbol type, string path)
    {
        // Known before its members are: they may be of this type.
        AddLater(type);

        if (!type.IsOfFramework() && (SerializationMarks.WhyDoubtful(type) ?? StructLayouts.WhyUnion(type)) is { } doubt)
        {
            return Refuse(path, type, doubt);
        }

        ObjectMembers members = ObjectMembers.Of(type, Compilation);
        if (members.Error is { } error)
        {
            return Refuse(error.Member is null ? path : $"{path}.{error.Member}", type, error.Reason, error.IsLoss);
        }

        if (members.All.Count > MaxMembers)
        {
            return Refuse(path, type, $"has more than {MaxMembers} members: group them in records");
        }

        VisitedType[] visited = VisitParts(type, members.All.Select(member => (member.Type, $"{path}.{member.Name}")));
        return Add(
            type,
            0,
            new ObjectShape(
                TypeNames.People(type),
                type.IsValueType,
                HasHeader: true,
                ChecksExactType: type is { IsValueType: false, IsSealed: false },
                IsRecursive: false,
                members.All.Zip(visited, static (member, part) => new MemberModel(SymbolNames.Escape(member.Name), part.Type)).ToEquatableArray(),
                members.ConstructorArguments.ToEquatableArray(),
                members.Initialized.ToEquatableArray()));
    }
}
