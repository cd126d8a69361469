namespace Mitogen.Generators.Model;

/// <summary>The part of one contract that an assembly's code needs to know, so that the change of one is no work for the others.</summary>
/// <param name="Registered">How the registration names it.</param>
/// <param name="BuildText">Its part in the id of the assembly's contracts.</param>
/// <param name="Formatters">The formatters that it needs, each once.</param>
internal sealed record ContractSummary(RegisteredContract Registered, string BuildText, EquatableArray<FormatterModel> Formatters)
{
    public static ContractSummary Of(ContractModel contract, string buildText) => new(
        new(contract.Name, contract.MetadataName, contract.Class.FullName),
        buildText,
        contract.Methods
            .SelectMany(static m => m.Data)
            .SelectMany(static p => p.Formatters)
            .GroupBy(static f => f.Name, StringComparer.Ordinal)
            .Select(static same => same.First())
            .ToEquatableArray());
}

/// <summary>The contracts of a compilation whose generated classes the code of one names.</summary>
internal sealed record ContractUses(string MetadataName, EquatableArray<string> Used)
{
    public static ContractUses Of(ContractModel contract) =>
        new(contract.MetadataName, contract.Uses.Distinct(StringComparer.Ordinal).ToEquatableArray());
}
