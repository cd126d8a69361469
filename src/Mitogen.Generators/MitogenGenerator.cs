using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Emission;
using Mitogen.Generators.Model;
using Mitogen.Generators.Parsing;

namespace Mitogen.Generators;

/// <summary>Emits proxies, dispatchers, factories and the catalog. Every step is named, so that tests can ask why it ran.</summary>
/// <remarks>
/// A parse has two outputs: a model, which emission reads, and diagnostics with places in source. Code that only moves changes
/// the second alone, and nothing is emitted again.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class MitogenGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var contracts = Parse<ContractModel>(context, KnownNames.RemoteAttribute, "Contract", ContractParser.Parse);
        var services = Parse<ServiceModel>(context, KnownNames.RemoteServiceAttribute, "Service", ServiceParser.Parse);
        var startups = Parse<StartupModel>(context, KnownNames.RemoteStartupAttribute, "Startup", StartupParser.Parse);
        IncrementalValueProvider<ReferencesModel> references =
            context.CompilationProvider.Select(ReferenceParser.Parse).WithTrackingName("References");

        IncrementalValuesProvider<ContractModel> contractModels = WithoutDangling(Models(contracts, "ContractModels"));
        IncrementalValuesProvider<ServiceModel> serviceModels = Models(services, "Services");
        IncrementalValueProvider<RegistrationModel> registration = contractModels.Collect()
            .Combine(serviceModels.Collect())
            .Combine(Models(startups, "Startups").Collect())
            .Combine(references.Select(static (r, _) => r.Namespace).WithTrackingName("Namespace"))
            .Select(static (all, _) => Register(all.Right, all.Left.Left.Left, all.Left.Left.Right, all.Left.Right))
            .WithTrackingName("Registration");
        IncrementalValueProvider<bool> runsAsContext = context.SyntaxProvider
            .CreateSyntaxProvider(static (node, _) => EntryPointParser.IsCandidate(node), EntryPointParser.IsCall)
            .Where(static isCall => isCall)
            .Collect()
            .Select(static (calls, _) => !calls.IsEmpty)
            .WithTrackingName("EntryPoint");
        IncrementalValueProvider<CatalogModel?> catalog = registration
            .Select(static (r, _) => r.IsEmpty ? null : r.FullName)
            .Combine(references)
            .Combine(runsAsContext)
            .Select(static (all, _) => Gather(all.Left.Right, all.Left.Left, all.Right))
            .WithTrackingName("Catalog");

        context.RegisterSourceOutput(contractModels, static (output, m) => Add(output, m.Class.HintName, () => ContractEmitter.Emit(m)));
        context.RegisterSourceOutput(serviceModels, static (output, m) => Add(output, m.Class.HintName, () => ServiceEmitter.Emit(m)));
        context.RegisterSourceOutput(registration, AddRegistration);
        context.RegisterSourceOutput(catalog, static (output, m) =>
        {
            if (m is not null)
            {
                Add(output, "Catalog.g.cs", () => CatalogEmitter.Emit(m));
            }
        });

        Report(
            context,
            "MisplacedOneWay",
            context.SyntaxProvider
                .ForAttributeWithMetadataName(KnownNames.OneWayAttribute, static (_, _) => true, OneWayParser.Parse)
                .SelectMany(static (misplaced, _) => misplaced));
        Report(
            context,
            "DuplicateContracts",
            contracts.Collect().Combine(references).SelectMany(static (all, _) => Duplicates.OfContracts(all.Left, all.Right)));
        Report(
            context,
            "DuplicateServices",
            services.Collect().Combine(references).SelectMany(static (all, _) => Duplicates.OfServices(all.Left, all.Right)));
    }

    private static IncrementalValuesProvider<ParseResult<TModel>> Parse<TModel>(
        IncrementalGeneratorInitializationContext context,
        string attribute,
        string name,
        Func<GeneratorAttributeSyntaxContext, CancellationToken, ParseResult<TModel>?> parse)
        where TModel : class, IEquatable<TModel>
    {
        IncrementalValuesProvider<ParseResult<TModel>> results = context.SyntaxProvider
            .ForAttributeWithMetadataName(attribute, static (node, _) => node is TypeDeclarationSyntax, Guard.Parse(parse))
            .Where(static r => r is not null)
            .Select(static (r, _) => r!)
            .WithTrackingName(name + "Parse");
        Report(context, name + "Diagnostics", results.SelectMany(static (r, _) => r.Diagnostics));
        return results;
    }

    private static IncrementalValuesProvider<TModel> Models<TModel>(IncrementalValuesProvider<ParseResult<TModel>> results, string name)
        where TModel : class, IEquatable<TModel> =>
        results.Where(static r => r.Model is not null).Select(static (r, _) => r.Model!).WithTrackingName(name);

    private static void Report(
        IncrementalGeneratorInitializationContext context, string name, IncrementalValuesProvider<DiagnosticInfo> diagnostics) =>
        context.RegisterSourceOutput(diagnostics.WithTrackingName(name), static (output, d) => output.ReportDiagnostic(d.ToDiagnostic()));

    // A contract that passes one that has errors is left out, so that those errors stand alone. Nearly always there is none, so that
    // the list of them compares equal, and a change of one contract is no news to the others.
    private static IncrementalValuesProvider<ContractModel> WithoutDangling(IncrementalValuesProvider<ContractModel> contracts) =>
        contracts
            .Combine(contracts.Collect().Select(static (all, _) => FindDangling(all)).WithTrackingName("DanglingContracts"))
            .Where(static both => !both.Right.Contains(both.Left.MetadataName))
            .Select(static (both, _) => both.Left)
            .WithTrackingName("Contracts");

    private static EquatableArray<string> FindDangling(ImmutableArray<ContractModel> contracts)
    {
        var usable = new HashSet<string>(contracts.Select(static c => c.MetadataName));
        var dangling = new List<string>();
        while (contracts.FirstOrDefault(c => usable.Contains(c.MetadataName) && !c.Uses.All(usable.Contains)) is { } next)
        {
            usable.Remove(next.MetadataName);
            dangling.Add(next.MetadataName);
        }

        return dangling.ToEquatableArray();
    }

    // A service of a contract that has errors is left out, so that those errors stand alone.
    private static RegistrationModel Register(
        string @namespace,
        ImmutableArray<ContractModel> contracts,
        ImmutableArray<ServiceModel> services,
        ImmutableArray<StartupModel> startups)
    {
        var usable = new HashSet<string>(contracts.Select(static c => c.MetadataName));
        EquatableArray<FormatterModel> formatters =
            contracts.SelectMany(FormattersOf).Distinct().OrderBy(static f => f.Name, StringComparer.Ordinal).ToEquatableArray();
        return new(
            @namespace,
            contracts.OrderBy(static c => c.MetadataName, StringComparer.Ordinal)
                .Select(static c => new RegisteredContract(c.Name, c.MetadataName, c.Class.FullName)).ToEquatableArray(),
            services.Where(s => s.Contracts.All(c => !c.IsLocal || usable.Contains(c.MetadataName)))
                .OrderBy(static s => s.DisplayName, StringComparer.Ordinal).ToEquatableArray(),
            startups.OrderBy(static s => s.DisplayName, StringComparer.Ordinal).ToEquatableArray(),
            formatters,
            BuildId.Of(@namespace, contracts, formatters));
    }

    private static IEnumerable<FormatterModel> FormattersOf(ContractModel contract) =>
        contract.Methods
            .SelectMany(static m => m.Payloads)
            .SelectMany(static p => p.Formatters);

    private static CatalogModel? Gather(ReferencesModel references, string? own, bool runsAsContext)
    {
        IEnumerable<string> registrations = references.Assemblies.Select(static a => a.Registration);
        return references.IsExecutable
            ? new(references.Namespace, (own is null ? registrations : registrations.Append(own)).ToEquatableArray(), runsAsContext)
            : null;
    }

    private static void AddRegistration(SourceProductionContext output, RegistrationModel registration)
    {
        if (registration.Formatters.Count > 0)
        {
            Add(output, "Formatters.g.cs", () => RegistrationEmitter.EmitFormatters(registration));
        }

        if (!registration.IsEmpty)
        {
            Add(output, "Registration.g.cs", () => RegistrationEmitter.Emit(registration));
        }
    }

    private static void Add(SourceProductionContext output, string hintName, Func<string> emit) =>
        Guard.Add(output, hintName, () => output.AddSource(hintName, SourceText.From(emit(), Encoding.UTF8)));
}
