using Microsoft.CodeAnalysis;
using Mitogen.Generators.Dependencies;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators.Diagnostics;

/// <summary>A declaration that is one too many.</summary>
/// <param name="Declared">The metadata name of the declaration to report at; <see langword="null"/> where it is not in this compilation.</param>
/// <param name="Descriptor">The diagnostic to report.</param>
/// <param name="Arguments">The message's arguments.</param>
internal sealed record Duplicate(string? Declared, DiagnosticDescriptor Descriptor, EquatableArray<string> Arguments)
{
    public DiagnosticInfo At(IEnumerable<DeclarationPlace> places) =>
        new(Descriptor, places.FirstOrDefault(p => p.Name == Declared)?.Location, Arguments);
}

/// <summary>Finds what is declared once too often, in this compilation and the assemblies that an executable puts together.</summary>
internal static class Duplicates
{
    public static IEnumerable<Duplicate> OfContracts(IEnumerable<ContractModel> declared, ReferencesModel references)
    {
        var known = references.Assemblies
            .SelectMany(static a => a.Contracts.Select(name => (Id: Identity.OfContract(name), Display: $"{name} ({a.Name})", Declared: (string?)null)))
            .Concat(declared.Select(static c => (c.Id, Display: c.MetadataName, Declared: (string?)c.MetadataName)));
        return known
            .GroupBy(static c => c.Id)
            .SelectMany(static same => same.Skip(1).Select(other => new Duplicate(
                other.Declared,
                Descriptors.DuplicateContract,
                new([same.First().Display, other.Display]))));
    }

    public static IEnumerable<Duplicate> OfServices(IEnumerable<ServiceModel> declared, ReferencesModel references)
    {
        var known = references.Assemblies
            .SelectMany(static a => a.Services.SelectMany(s => s.Contracts.Select(contract => (
                Contract: contract,
                Display: $"{s.DisplayName} ({a.Name})",
                Declared: (string?)null,
                IsBase: s.BaseContracts.Contains(contract)))))
            .Concat(declared.SelectMany(static s => s.Contracts.Select(contract => (
                Contract: contract.MetadataName,
                Display: s.DisplayName,
                Declared: (string?)s.DisplayName,
                IsBase: s.BaseContracts.Contains(contract.MetadataName)))));
        return known
            .GroupBy(static s => s.Contract)
            .SelectMany(static same => same.Skip(1).Select(other => new Duplicate(
                other.Declared,
                Descriptors.DuplicateService,
                new([same.First().Display, other.Display, same.Key, Remedy(same.Key, same.First().IsBase && other.IsBase)]))));
    }

    private static string Remedy(string contract, bool isBaseOfBoth) => isBaseOfBoth
        ? $"take [Remote] off '{contract}', whose methods are then those of each contract that inherits it"
        : "take [RemoteService] off one of them";
}
