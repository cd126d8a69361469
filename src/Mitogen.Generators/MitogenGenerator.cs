using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Mitogen.Generators.Dependencies;
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
        IncrementalValueProvider<DependencyGraph> graph = context.CompilationProvider
            .Select(static (compilation, cancellationToken) => new DependencyGraph(compilation, cancellationToken));
        var contracts = ParseSteps<ContractModel>.Create(
            context.SyntaxProvider, graph, KnownNames.RemoteAttribute, "Contract", ContractParser.Parse);
        var services = ParseSteps<ServiceModel>.Create(
            context.SyntaxProvider, graph, KnownNames.RemoteServiceAttribute, "Service", ServiceParser.Parse);
        var startups = ParseSteps<StartupModel>.Create(
            context.SyntaxProvider, graph, KnownNames.RemoteStartupAttribute, "Startup", StartupParser.Parse);
        IncrementalValueProvider<ReferencesModel> references =
            context.CompilationProvider.Select(ReferenceParser.Parse).WithTrackingName("References");

        IncrementalValueProvider<string> @namespace = references.Select(static (r, _) => r.Namespace).WithTrackingName("Namespace");

        IncrementalValueProvider<string?> tooOld = context.ParseOptionsProvider.Select(LanguageVersions.WhatIsTooOld).WithTrackingName("Language");
        IncrementalValuesProvider<ContractModel> contractModels = WithoutDangling(IfPrinted(contracts.Models, tooOld));
        IncrementalValuesProvider<ServiceModel> serviceModels = IfPrinted(services.Models, tooOld);
        IncrementalValuesProvider<StartupModel> startupModels = IfPrinted(startups.Models, tooOld);
        IncrementalValuesProvider<ContractSummary> summaries =
            contractModels.Select(static (c, _) => ContractSummary.Of(c, BuildId.TextOf(c))).WithTrackingName("ContractSummaries");
        IncrementalValueProvider<FormattersModel> formatters = summaries
            .Select(static (s, _) => s.Formatters).WithTrackingName("ContractFormatters")
            .Collect()
            .Combine(@namespace)
            .Select(static (all, _) => MergeFormatters(all.Right, all.Left))
            .WithTrackingName("Formatters");
        IncrementalValueProvider<BuildModel> build = summaries
            .Select(static (s, _) => s.BuildText).WithTrackingName("ContractTexts")
            .Collect()
            .Combine(formatters.Select(static (f, _) => (f.Namespace, Text: BuildId.TextOf(f.All))).WithTrackingName("FormatterText"))
            .Select(static (all, _) => new BuildModel(all.Right.Namespace, BuildId.Of(all.Right.Namespace, all.Left, all.Right.Text)))
            .WithTrackingName("Build");
        IncrementalValueProvider<RegistrationModel> registration = summaries
            .Select(static (s, _) => s.Registered).WithTrackingName("RegisteredContracts")
            .Collect()
            .Combine(serviceModels.Collect())
            .Combine(startupModels.Collect())
            .Combine(formatters.Select(static (f, _) => (f.Namespace, f.AreRegistered)).WithTrackingName("RegistersFormatters"))
            .Select(static (all, _) => Register(
                all.Right.Namespace, all.Left.Left.Left, all.Left.Left.Right, all.Left.Right, all.Right.AreRegistered))
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
            .Combine(tooOld)
            .Select(static (all, _) => all.Right is null ? Gather(all.Left.Left.Right, all.Left.Left.Left, all.Left.Right) : null)
            .WithTrackingName("Catalog");

        context.RegisterSourceOutput(contractModels, static (output, m) => Add(output, m.Class.HintName, () => ContractEmitter.Emit(m)));
        context.RegisterSourceOutput(serviceModels, static (output, m) => Add(output, m.Class.HintName, () => ServiceEmitter.Emit(m)));
        context.RegisterSourceOutput(formatters, static (output, m) =>
        {
            if (m.All.Count > 0)
            {
                Add(output, $"{FormattersModel.ClassName}.g.cs", () => RegistrationEmitter.EmitFormatters(m));
            }
        });
        context.RegisterSourceOutput(
            build.Combine(registration.Select(static (r, _) => r.Contracts.Count > 0).WithTrackingName("HasContracts")),
            static (output, both) =>
            {
                if (both.Right)
                {
                    Add(output, $"{BuildModel.ClassName}.g.cs", () => RegistrationEmitter.EmitBuild(both.Left));
                }
            });
        context.RegisterSourceOutput(registration, static (output, m) =>
        {
            if (!m.IsEmpty)
            {
                Add(output, $"{RegistrationModel.ClassName}.g.cs", () => RegistrationEmitter.Emit(m));
            }
        });
        context.RegisterSourceOutput(
            contracts.GivenUp.Collect().Combine(services.GivenUp.Collect()).Combine(startups.GivenUp.Collect())
                .Select(static (all, _) => new GivenUpModel(
                    all.Left.Left.Concat(all.Left.Right).Concat(all.Right).Distinct().OrderBy(static name => name, StringComparer.Ordinal).ToEquatableArray()))
                .WithTrackingName("GivenUp"),
            static (output, m) =>
            {
                if (m.Names.Count > 0)
                {
                    Add(output, GivenUpModel.HintName, () => GivenUpEmitter.Emit(m));
                }
            });
        context.RegisterSourceOutput(catalog, static (output, m) =>
        {
            if (m is not null)
            {
                Add(output, $"{CatalogModel.ClassName}.g.cs", () => CatalogEmitter.Emit(m));
            }
        });

        Report(context, contracts.Diagnostics);
        Report(context, services.Diagnostics);
        Report(context, startups.Diagnostics);
        Report(
            context,
            context.SyntaxProvider
                .ForAttributeWithMetadataName(KnownNames.OneWayAttribute, static (node, _) => OneWayParser.IsMisplaced(node), OneWayParser.Parse)
                .SelectMany(static (found, _) => found is null ? ImmutableArray<DiagnosticInfo>.Empty : [found])
                .WithTrackingName("MisplacedOneWay"));
        Report(
            context,
            contracts.Models.Collect().Combine(services.Models.Collect()).Combine(startups.Models.Collect()).Combine(references).Combine(tooOld)
                .SelectMany(static (all, _) => ReportLanguage(
                    all.Right,
                    all.Left.Right.IsExecutable || !all.Left.Left.Left.Left.IsEmpty || !all.Left.Left.Left.Right.IsEmpty || !all.Left.Left.Right.IsEmpty))
                .WithTrackingName("LanguageVersion"));
        Report(
            context,
            contracts.Models.Collect().Combine(references)
                .SelectMany(static (all, _) => Duplicates.OfContracts(all.Left, all.Right))
                .Combine(contracts.Places.Collect())
                .Select(static (all, _) => all.Left.At(all.Right))
                .WithTrackingName("DuplicateContracts"));
        Report(
            context,
            services.Models.Collect().Combine(references)
                .SelectMany(static (all, _) => Duplicates.OfServices(all.Left, all.Right))
                .Combine(services.Places.Collect())
                .Select(static (all, _) => all.Left.At(all.Right))
                .WithTrackingName("DuplicateServices"));
    }

    private static void Report(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<DiagnosticInfo> diagnostics) =>
        context.RegisterSourceOutput(diagnostics, static (output, d) => output.ReportDiagnostic(d.ToDiagnostic()));

    private static IncrementalValuesProvider<TModel> IfPrinted<TModel>(
        IncrementalValuesProvider<TModel> models, IncrementalValueProvider<string?> tooOld) =>
        models.Combine(tooOld).Where(static both => both.Right is null).Select(static (both, _) => both.Left);

    private static ImmutableArray<DiagnosticInfo> ReportLanguage(string? tooOld, bool isNeeded) => tooOld is not null && isNeeded
        ? [DiagnosticInfo.Create(Descriptors.LanguageVersion, null, LanguageVersions.Needed, tooOld)]
        : [];

    // A contract that passes one that has errors is left out, so that those errors stand alone. Nearly always there is none, so that
    // the list of them compares equal, and a change of one contract is no news to the others.
    private static IncrementalValuesProvider<ContractModel> WithoutDangling(IncrementalValuesProvider<ContractModel> contracts) =>
        contracts
            .Combine(contracts.Select(static (c, _) => ContractUses.Of(c)).WithTrackingName("ContractUses")
                .Collect()
                .Select(static (all, _) => FindDangling(all))
                .WithTrackingName("DanglingContracts"))
            .Where(static both => !both.Right.Contains(both.Left.MetadataName))
            .Select(static (both, _) => both.Left)
            .WithTrackingName("Contracts");

    private static EquatableArray<string> FindDangling(ImmutableArray<ContractUses> contracts)
    {
        var usable = new HashSet<string>(contracts.Select(static c => c.MetadataName));
        var dangling = new List<string>();
        while (contracts.FirstOrDefault(c => usable.Contains(c.MetadataName) && !c.Used.All(usable.Contains)) is { } next)
        {
            usable.Remove(next.MetadataName);
            dangling.Add(next.MetadataName);
        }

        return dangling.ToEquatableArray();
    }

    private static FormattersModel MergeFormatters(string @namespace, ImmutableArray<EquatableArray<FormatterModel>> contracts)
    {
        var all = new SortedDictionary<string, FormatterModel>(StringComparer.Ordinal);
        foreach (FormatterModel formatter in contracts.SelectMany(static formatters => formatters))
        {
            all[formatter.Name] = formatter;
        }

        return new(@namespace, all.Values.ToEquatableArray());
    }

    // A service of a contract that has errors is left out, so that those errors stand alone.
    private static RegistrationModel Register(
        string @namespace,
        ImmutableArray<RegisteredContract> contracts,
        ImmutableArray<ServiceModel> services,
        ImmutableArray<StartupModel> startups,
        bool registersFormatters)
    {
        var usable = new HashSet<string>(contracts.Select(static c => c.MetadataName));
        return new(
            @namespace,
            contracts.OrderBy(static c => c.MetadataName, StringComparer.Ordinal).ToEquatableArray(),
            services.Where(s => s.Contracts.All(c => !c.IsLocal || usable.Contains(c.MetadataName)))
                .OrderBy(static s => s.DisplayName, StringComparer.Ordinal).ToEquatableArray(),
            startups.OrderBy(static s => s.DisplayName, StringComparer.Ordinal).ToEquatableArray(),
            registersFormatters);
    }

    private static CatalogModel? Gather(ReferencesModel references, string? own, bool runsAsContext)
    {
        IEnumerable<string> registrations = references.Assemblies.Select(static a => a.Registration);
        return references.IsExecutable
            ? new(
                references.Namespace,
                (own is null ? registrations : registrations.Append(own)).ToEquatableArray(),
                references.Assemblies.Select(static a => a.Alias).OfType<string>().Distinct(StringComparer.Ordinal).ToEquatableArray(),
                runsAsContext)
            : null;
    }

    private static void Add(SourceProductionContext output, string hintName, Func<string> emit) =>
        Guard.Add(output, hintName, () => output.AddSource(hintName, SourceText.From(emit(), Encoding.UTF8)));
}
