using Mitogen.Generators.Model;

namespace Mitogen.Generators.Emission;

/// <summary>Prints the factory of a service.</summary>
internal static class ServiceEmitter
{
    private const string Logging = "global::Microsoft.Extensions.Logging";

    public static string Emit(ServiceModel service)
    {
        SourceWriter source = SourceFile.Begin(service.Class.Namespace);
        source.Line($"""
            /// <summary>Creates the service {service.DisplayName}.</summary>
            {SourceFile.Attributes}
            """);
        using (source.Open($"internal static class {service.Class.Name}"))
        {
            source.Line($"""
                internal static object Create(global::System.IServiceProvider provider) =>
                    new {service.Name}({Arguments(service)});
                """);
        }

        return source.ToString();
    }

    private static string Arguments(ServiceModel service) =>
        string.Join(",", service.Dependencies.Select(d => "\n        " + Argument(service, d)));

    private static string Argument(ServiceModel service, DependencyModel dependency)
    {
        // Not asked for as ILogger<T>: an ahead-of-time compiled program cannot close the container's generic type.
        if (dependency.LoggerCategory is { } category)
        {
            return $"new {Logging}.Logger<{category}>(({Logging}.ILoggerFactory)provider.GetService(typeof({Logging}.ILoggerFactory))!)";
        }

        string supplied = $"provider.GetService(typeof({dependency.TypeName}))";
        switch (dependency.Default)
        {
            case NullDefault:
                return $"(({dependency.TypeName}?){supplied})!";
            case EmptyDefault empty:
                return $"({dependency.TypeName})({supplied} ?? default({empty.TypeName}))";
            case ConstantDefault value:
                return $"({dependency.TypeName})({supplied} ?? ({value.TypeName})({value.Constant}))";
        }

        string message = $"The service {service.DisplayName} needs a {Unqualified(dependency.TypeName)} for its constructor parameter " +
            $"'{dependency.Name}', and nothing supplies one: register it in the Configure method of a [RemoteStartup] class.";
        return $"""
            ({dependency.TypeName})({supplied}
                        ?? throw new global::System.InvalidOperationException(
                            {SourceFile.Quote(message)}))
            """;
    }

    private static string Unqualified(string typeName) => typeName.Replace("global::", "");
}
