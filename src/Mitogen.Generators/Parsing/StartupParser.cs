using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Turns a <c>[RemoteStartup]</c> class into its model.</summary>
internal static class StartupParser
{
    public static ParseResult<StartupModel>? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var startup = (INamedTypeSymbol)context.TargetSymbol;
        if (!startup.IsFirstUse(context.TargetNode, KnownNames.RemoteStartupAttribute))
        {
            return null;
        }

        var location = LocationInfo.Of(startup);
        DiagnosticInfo? error = null;
        if (WhyNotUsable(startup) is { } reason)
        {
            error = DiagnosticInfo.Create(Descriptors.StartupClass, location, startup.Name, reason);
        }
        else if (startup.GetMembers("Configure") is not { Length: 1 } candidates || !IsConfigure(candidates[0]))
        {
            ISymbol at = startup.GetMembers("Configure").FirstOrDefault() ?? startup;
            error = DiagnosticInfo.Create(Descriptors.StartupMethod, LocationInfo.Of(at), startup.Name);
        }

        return error is null
            ? new(new(startup.SourceName(), startup.FullMetadataName()), location, default)
            : new(null, location, new([error]));
    }

    private static string? WhyNotUsable(INamedTypeSymbol startup) => startup switch
    {
        { IsStatic: false } => "is not static",
        _ when startup.IsOpen() => "has type parameters, or is nested in a type that has",
        _ => startup.WhyHidden() is { } hidden ? $"is hidden from generated code: {hidden}" : null,
    };

    private static bool IsConfigure(ISymbol member) =>
        member is IMethodSymbol { IsStatic: true, IsGenericMethod: false, ReturnsVoid: true, Parameters.Length: 1 } method
        && method.DeclaredAccessibility is (Accessibility.Public or Accessibility.Internal)
        && method.Parameters[0] is { RefKind: RefKind.None } services
        && services.Type.Is(KnownNames.ServiceCollection);
}
