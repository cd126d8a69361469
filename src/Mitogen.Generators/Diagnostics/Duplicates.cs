using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Diagnostics;

/// <summary>Finds what is declared once too often, in this compilation and the assemblies that an executable puts together.</summary>
internal static class Duplicates
{
    public static IEnumerable<DiagnosticInfo> OfContracts(IEnumerable<ParseResult<ContractModel>> parsed, ReferencesModel references)
    {
        var known = references.Assemblies
            .SelectMany(static a => a.Contracts.Select(name => (Name: name, Display: $"{name} ({a.Name})", Location: (LocationInfo?)null)))
            .Concat(parsed
                .Where(static r => r.Model is not null)
                .Select(static r => (Name: r.Model!.MetadataName, Display: r.Model.MetadataName, r.Location)));
        return known
            .GroupBy(static c => Identity.OfContract(c.Name))
            .SelectMany(static same => same.Skip(1).Select(other =>
                DiagnosticInfo.Create(Descriptors.DuplicateContract, other.Location, same.First().Display, other.Display)));
    }

    public static IEnumerable<DiagnosticInfo> OfServices(IEnumerable<ParseResult<ServiceModel>> parsed, ReferencesModel references)
    {
        var known = references.Assemblies
            .SelectMany(static a => a.Services.SelectMany(s => s.Contracts.Select(contract =>
                (Contract: contract, Display: $"{s.DisplayName} ({a.Name})", Location: (LocationInfo?)null))))
            .Concat(parsed.Where(static r => r.Model is not null).SelectMany(static r => r.Model!.Contracts.Select(contract =>
                (Contract: contract.MetadataName, Display: r.Model.DisplayName, r.Location))));
        return known
            .GroupBy(static s => s.Contract)
            .SelectMany(static same => same.Skip(1).Select(other =>
                DiagnosticInfo.Create(Descriptors.DuplicateService, other.Location, same.First().Display, other.Display, same.Key)));
    }
}
