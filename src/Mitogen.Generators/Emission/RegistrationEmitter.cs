using Mitogen.Generators.Model;
using static Mitogen.Generators.Emission.SourceNames;

namespace Mitogen.Generators.Emission;

/// <summary>Prints what one assembly registers.</summary>
internal static class RegistrationEmitter
{
    public static string Emit(RegistrationModel registration)
    {
        SourceWriter source = SourceFile.Begin();
        string types = string.Concat(registration.Contracts
            .Select(static c => c.Name)
            .Concat(registration.Services.Select(static s => s.Name))
            .Select(static name => $",\n    typeof({name})"));
        source.Line($"""
            [assembly: {Abi}.RemoteRegistration(
                typeof({registration.FullName}){types})]

            namespace {registration.Namespace};

            /// <summary>Registers what this assembly declares.</summary>
            {SourceFile.Attributes}
            """);
        using (source.Open($"public static class {RegistrationModel.ClassName}"))
        {
            source.Line("""
                /// <summary>Registers the contracts, services and startup classes of this assembly, and their formatters.</summary>
                /// <param name="catalog">What to register them in.</param>
                """);
            using (source.Open($"public static void Register({RemoteCatalog} catalog)"))
            {
                EmitBody(source, registration);
            }
        }

        return source.ToString();
    }

    /// <summary>Prints the id of the assembly's contracts, which changes often, in a file of its own.</summary>
    public static string EmitBuild(BuildModel build) => SourceFile.Begin(build.Namespace)
        .Line($$"""
            /// <summary>Stands for the contracts of this assembly and the types that they pass.</summary>
            {{SourceFile.Attributes}}
            internal static class {{BuildModel.ClassName}}
            {
                internal const ulong Id = 0x{{build.Id:x16}}UL;
            }
            """)
        .ToString();

    public static string EmitFormatters(FormattersModel formatters)
    {
        SourceWriter source = SourceFile.Begin(formatters.Namespace);
        source.Line($"""
            /// <summary>Writes and reads the types that the contracts of this assembly pass.</summary>
            {SourceFile.Attributes}
            """);
        using (source.Open($"internal static class {FormattersModel.ClassName}"))
        {
            if (formatters.AreRegistered)
            {
                using (source.Open("internal static void Register()"))
                {
                    FormatterEmitter.EmitRegistrations(source, formatters.All);
                }

                source.Line();
            }

            FormatterEmitter.EmitFormatters(source, formatters.All);
        }

        return source.ToString();
    }

    private static void EmitBody(SourceWriter source, RegistrationModel registration)
    {
        if (registration.RegistersFormatters)
        {
            source.Line($"{FormattersModel.ClassName}.Register();");
        }

        if (registration.Contracts.Count > 0)
        {
            source.Line($"catalog.AddBuild({BuildModel.ClassName}.Id);");
        }

        foreach (RegisteredContract contract in registration.Contracts)
        {
            source.Line($"catalog.AddContract({contract.ClassName}.Instance);");
        }

        foreach (ServiceModel service in registration.Services)
        {
            string contracts = string.Concat(service.Contracts.Select(static c => $", {c.ClassName}.Instance"));
            string[] set =
            [
                .. service.IsExclusive ? new[] { "Concurrency = global::Mitogen.ServiceConcurrency.Exclusive" } : [],
                .. service.IsOrdered ? [] : new[] { "Ordered = false" },
            ];
            string options = set.Length > 0 ? $" {{ {string.Join(", ", set)} }}" : "";
            source.Line($"""
                catalog.AddService(new {Abi}.RemoteServiceRegistration(
                    typeof({service.Name}), {service.Class.FullName}.Create{contracts}){options});
                """);
        }

        foreach (StartupModel startup in registration.Startups)
        {
            source.Line($"""
                catalog.AddStartup({SourceFile.Quote(startup.DisplayName)}, static services =>
                    {startup.Name}.Configure((global::Microsoft.Extensions.DependencyInjection.IServiceCollection)services));
                """);
        }
    }
}
