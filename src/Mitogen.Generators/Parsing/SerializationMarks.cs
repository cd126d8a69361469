using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Parsing;

/// <summary>The attributes of serializers on a plain type and its members: heeded, or refused, but never passed over.</summary>
internal static class SerializationMarks
{
    /// <summary>How a user marks what is meant to stay behind, for messages.</summary>
    public const string LeaveBehind = "[IgnoreDataMember]";

    public const string NonSerialized = "NonSerializedAttribute";

    /// <summary>By these a member stays behind.</summary>
    public static readonly string[] Ignores = ["MemoryPackIgnoreAttribute", "IgnoreDataMemberAttribute", NonSerialized];

    // By the names alone: a project brings the serializers that it likes.
    private static readonly HashSet<string> s_includes = new(StringComparer.Ordinal)
    {
        "DataMemberAttribute", "JsonIncludeAttribute", "MemoryPackIncludeAttribute", "JsonPropertyNameAttribute", "JsonPropertyAttribute",
        "ProtoMemberAttribute", "XmlElementAttribute", "XmlAttributeAttribute", "XmlArrayAttribute", "BsonElementAttribute", "YamlMemberAttribute",
    };

    // By these a member is sent, whatever else it is marked with.
    private static readonly string[] s_sends = ["DataMemberAttribute", "MemoryPackIncludeAttribute"];

    private static readonly HashSet<string> s_excludes = new(StringComparer.Ordinal)
    {
        "JsonIgnoreAttribute", "XmlIgnoreAttribute", "SoapIgnoreAttribute", "IgnoreMemberAttribute", "ProtoIgnoreAttribute",
        "BsonIgnoreAttribute", "ScriptIgnoreAttribute", "YamlIgnoreAttribute",
    };

    // Types of which only the marked members are data, and what marks those.
    private static readonly Dictionary<string, string> s_optIns = new(StringComparer.Ordinal)
    {
        ["DataContractAttribute"] = "DataMemberAttribute",
        ["ProtoContractAttribute"] = "ProtoMemberAttribute",
        ["MessagePackObjectAttribute"] = "KeyAttribute",
    };

    private static readonly string[] s_derived = ["JsonDerivedTypeAttribute", "KnownTypeAttribute", "XmlIncludeAttribute", "ProtoIncludeAttribute"];

    private static readonly string[] s_constructors = ["MemoryPackConstructorAttribute", "JsonConstructorAttribute", "SerializationConstructorAttribute"];

    private static readonly string[] s_callbacks =
    [
        "OnSerializingAttribute", "OnSerializedAttribute", "OnDeserializingAttribute", "OnDeserializedAttribute",
        "MemoryPackOnSerializingAttribute", "MemoryPackOnSerializedAttribute", "MemoryPackOnDeserializingAttribute",
        "MemoryPackOnDeserializedAttribute",
    ];

    private static readonly string[] s_callbackInterfaces = ["IJsonOnSerializing", "IJsonOnSerialized", "IJsonOnDeserializing", "IJsonOnDeserialized"];

    /// <summary>Whether a field or property is meant to stay behind.</summary>
    public static bool IsLeftBehind(ISymbol member) =>
        Find(member, Ignores) is not null || (member is IPropertySymbol property && BackingField(property) is { } field && Find(field, Ignores) is not null);

    /// <summary>The attribute by which the constructor is chosen, for messages; <see langword="null"/> if there is none.</summary>
    public static string? ChosenBy(IMethodSymbol constructor) => Find(constructor, s_constructors);

    /// <summary>Why a member that would be sent should perhaps not be.</summary>
    public static string? WhyDoubtful(ISymbol member)
    {
        if (Find(member, s_sends) is null && FindExclude(member) is { } exclude)
        {
            return $"is marked {exclude}, of another serializer: mark it {LeaveBehind} to leave it behind here too, or [DataMember] to send it";
        }

        if (OptIn(member.ContainingType) is { } optIn && Find(member, [s_optIns[optIn]]) is null)
        {
            return $"is not marked {Show(s_optIns[optIn])}, and its type is marked {Show(optIn)}: mark it so to send it, or {LeaveBehind} to leave it behind";
        }

        return Own(member) is { } own ? $"is marked {own}, which is heeded in [MemoryPackable] types alone: mark the type so, or take it away" : null;
    }

    /// <summary>The attribute by which a field, or the property that it belongs to, would not be sent, for messages.</summary>
    public static string? ExcludedBy(IFieldSymbol field) => Find(field, Ignores) ?? FindExclude(field)
        ?? (field.AssociatedSymbol is { } property ? Find(property, Ignores) ?? FindExclude(property) : null);

    /// <summary>The attribute by which another serializer would send a member that is not sent here, for messages.</summary>
    public static string? IncludedBy(ISymbol member) => Find(member, s_includes);

    /// <summary>A mark of a type that its formatter would not heed.</summary>
    public static string? WhyDoubtful(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            string? callback = at.GetMembers().OfType<IMethodSymbol>().Select(static method => Find(method, s_callbacks)).FirstOrDefault(static found => found is not null);
            if (callback is not null || ForeignMembers.HasMethod(at, s_callbacks))
            {
                return $"has a method marked {callback ?? "for a serializer"}, which nothing calls here: mark the type [MemoryPackable], and the method as "
                    + "that library has it";
            }
        }

        if (type.AllInterfaces.FirstOrDefault(static at => s_callbackInterfaces.Contains(at.Name)) is { } called)
        {
            return $"implements {called.Name}, which nothing calls here: mark the type [MemoryPackable], with callbacks as that library has them";
        }

        return type.GetAttributes().FirstOrDefault(attribute => IsDerived(attribute, type)) is { AttributeClass: { } known }
            ? $"is marked {Show(known.Name)}, and a value of a derived type cannot be sent as one of it: make it abstract, with constructors "
                + "that other assemblies do not see, or mark it [MemoryPackable] with a [MemoryPackUnion] per derived type"
            : null;
    }

    /// <summary>The field of an automatic property, as far as the compiler shows it.</summary>
    public static IFieldSymbol? BackingField(IPropertySymbol property) => property.ContainingType
        .GetMembers()
        .OfType<IFieldSymbol>()
        .FirstOrDefault(candidate => SymbolEqualityComparer.Default.Equals(candidate.AssociatedSymbol, property));

    private static string? Find(ISymbol symbol, ICollection<string> names) => symbol
        .GetAttributes()
        .Select(static attribute => attribute.AttributeClass?.Name)
        .FirstOrDefault(name => name is not null && names.Contains(name)) is { } found ? Show(found) : null;

    // A condition other than "always" (1) leaves out what its reader has anyway.
    private static string? FindExclude(ISymbol member) => member
        .GetAttributes()
        .FirstOrDefault(static attribute => attribute.AttributeClass is { } type
            && s_excludes.Contains(type.Name)
            && attribute.NamedArguments.All(static argument => argument is not { Key: "Condition", Value.Value: not 1 })) is { AttributeClass: { } found }
        ? Show(found.Name)
        : null;

    private static string? OptIn(INamedTypeSymbol type) => type
        .GetAttributes()
        .FirstOrDefault(static attribute => attribute.AttributeClass is { } found
            && s_optIns.ContainsKey(found.Name)
            && attribute.ConstructorArguments.All(static argument => argument.Value is not true)
            && attribute.NamedArguments.All(static argument => argument.Key != "ImplicitFields"))?.AttributeClass?.Name;

    private static string? Own(ISymbol member) => (CustomFormatter.Find(member) is { } formatter ? Show(formatter.Type.Name) : null)
        ?? (Packable.Has(member, "MemoryPackAllowSerializeAttribute") ? "[MemoryPackAllowSerialize]" : null);

    private static bool IsDerived(AttributeData attribute, INamedTypeSymbol type) =>
        attribute.AttributeClass is { } found
        && s_derived.Contains(found.Name)
        && attribute.ConstructorArguments.Select(static argument => argument.Value).OfType<INamedTypeSymbol>().Any(derived => DerivesFrom(derived, type));

    private static bool DerivesFrom(INamedTypeSymbol derived, INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = derived.BaseType; at is not null; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, type.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    private static string Show(string attribute) =>
        $"[{(attribute.EndsWith("Attribute", StringComparison.Ordinal) ? attribute.Substring(0, attribute.Length - "Attribute".Length) : attribute)}]";
}
