namespace Mitogen.Generators.Model;

/// <summary>The registrations of one assembly. Lists are sorted, so that the order of files does not show in the output.</summary>
/// <param name="Namespace">The namespace of the generated code.</param>
/// <param name="Contracts">The contracts.</param>
/// <param name="Services">The services.</param>
/// <param name="Startups">The startup classes.</param>
/// <param name="RegistersFormatters">See <see cref="FormattersModel.AreRegistered"/>.</param>
internal sealed record RegistrationModel(
    string Namespace,
    EquatableArray<RegisteredContract> Contracts,
    EquatableArray<ServiceModel> Services,
    EquatableArray<StartupModel> Startups,
    bool RegistersFormatters)
{
    /// <summary>The name of the generated class.</summary>
    public const string ClassName = "Registration";

    public bool IsEmpty => Contracts.Count + Services.Count + Startups.Count == 0;

    public string FullName => $"global::{Namespace}.{ClassName}";
}

/// <summary>A contract as the registration names it.</summary>
/// <param name="Name">The interface, as source names it.</param>
/// <param name="MetadataName">Its full metadata name.</param>
/// <param name="ClassName">The generated class, as source names it.</param>
internal sealed record RegisteredContract(string Name, string MetadataName, string ClassName);

/// <summary>The formatters of all contracts of an assembly.</summary>
/// <param name="Namespace">The namespace of the generated code.</param>
/// <param name="All">The formatters, each once, sorted by name.</param>
internal sealed record FormattersModel(string Namespace, EquatableArray<FormatterModel> All)
{
    /// <summary>The name of the generated class.</summary>
    public const string ClassName = "Formatters";

    /// <summary>
    /// Whether the library's provider is to know the formatters: only what is marked with <c>[MemoryPackable]</c> asks it, and the first
    /// question costs a program's start some hundredths of a second.
    /// </summary>
    public bool AreRegistered => All.Any(static formatter => !formatter.IsRegistered);
}

/// <summary>The number that stands for an assembly's contracts and the types that they send.</summary>
/// <param name="Namespace">The namespace of the generated code.</param>
/// <param name="Id">See <see cref="Emission.BuildId"/>.</param>
internal sealed record BuildModel(string Namespace, ulong Id)
{
    /// <summary>The name of the generated class.</summary>
    public const string ClassName = "Build";
}
