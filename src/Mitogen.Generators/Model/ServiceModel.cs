namespace Mitogen.Generators.Model;

/// <summary>One <c>[RemoteService]</c> class.</summary>
/// <param name="Name">How source names it, with <c>global::</c>.</param>
/// <param name="DisplayName">Its full name for people.</param>
/// <param name="Class">The generated factory.</param>
/// <param name="Contracts">The contracts that it implements.</param>
/// <param name="BaseContracts">The metadata names of those of them that others of them inherit.</param>
/// <param name="Dependencies">The parameters of its constructor.</param>
/// <param name="IsExclusive">Whether it runs one chain of calls at a time.</param>
/// <param name="IsOrdered">Whether calls start in the order in which they were made.</param>
internal sealed record ServiceModel(
    string Name,
    string DisplayName,
    GeneratedClass Class,
    EquatableArray<ContractReference> Contracts,
    EquatableArray<string> BaseContracts,
    EquatableArray<DependencyModel> Dependencies,
    bool IsExclusive,
    bool IsOrdered);

/// <summary>A contract as a service or another contract names it, in this assembly or another.</summary>
/// <param name="MetadataName">The interface's full metadata name.</param>
/// <param name="ClassName">The generated class, as source names it.</param>
/// <param name="IsLocal">Whether this compilation declares it.</param>
internal sealed record ContractReference(string MetadataName, string ClassName, bool IsLocal);

/// <summary>One parameter of a service's constructor.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="TypeName">Its type, as <c>typeof</c> takes it.</param>
/// <param name="LoggerCategory">The type argument where it is an <c>ILogger&lt;T&gt;</c>.</param>
/// <param name="Default">Its default value; <see langword="null"/> where it must be supplied.</param>
internal sealed record DependencyModel(string Name, string TypeName, string? LoggerCategory, DefaultValue? Default);

/// <summary>A parameter's default value.</summary>
internal abstract record DefaultValue;

/// <summary>It is <see langword="null"/>.</summary>
internal sealed record NullDefault : DefaultValue;

/// <summary>It is what the type has without one.</summary>
/// <param name="TypeName">The type as source.</param>
internal sealed record EmptyDefault(string TypeName) : DefaultValue;

/// <summary>It is a constant.</summary>
/// <param name="TypeName">The parameter's type as source.</param>
/// <param name="Constant">The constant, as source.</param>
internal sealed record ConstantDefault(string TypeName, string Constant) : DefaultValue;
