using Microsoft.CodeAnalysis;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

internal sealed partial class PayloadWalk
{
    private const int MaxMembers = 249;

    private Payload VisitObject(INamedTypeSymbol type, string path)
    {
        // Known before its members are: they may be of this type.
        AddLater(type);

        if (!IsOfFramework(type) && (SerializationMarks.WhyDoubtful(type) ?? StructLayouts.WhyUnion(type)) is { } doubt)
        {
            return Refuse(path, type, doubt);
        }

        ObjectMembers members = ObjectMembers.Of(type, compilation);
        if (members.Error is { } error)
        {
            return Refuse(error.Member is null ? path : $"{path}.{error.Member}", type, error.Reason, error.IsLoss);
        }

        if (members.All.Count > MaxMembers)
        {
            return Refuse(path, type, $"has more than {MaxMembers} members: group them in records");
        }

        _graph.Enter(TypeNames.Identifier(type));
        MemberModel[] models =
        [
            .. members.All.Select(member =>
                new MemberModel(SymbolNames.Escape(member.Name), Visit(member.Type, $"{path}.{member.Name}").Type)),
        ];
        _graph.Leave();
        return Add(
            type,
            0,
            new ObjectShape(
                TypeNames.People(type),
                type.IsValueType,
                HasHeader: true,
                ChecksExactType: type is { IsValueType: false, IsSealed: false },
                IsRecursive: false,
                models.ToEquatableArray(),
                members.ConstructorArguments.ToEquatableArray(),
                members.Initialized.ToEquatableArray()));
    }
}
