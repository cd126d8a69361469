using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>Turns a <c>[RemoteStartup]</c> class into its model.</summary>
internal static class StartupParser
{
    public static ParseResult<StartupModel> Parse(Declaration declaration, CancellationToken cancellationToken)
    {
        INamedTypeSymbol startup = declaration.Symbol;
        if (startup.Name.Length == 0 || !startup.IsFirstUse(declaration.Node, KnownNames.RemoteStartupAttribute))
        {
            return ParseResult<StartupModel>.Nothing;
        }

        DiagnosticInfo? error = null;
        if (WhyNotUsable(startup) is { } reason)
        {
            error = DiagnosticInfo.Create(Descriptors.StartupClass, LocationInfo.Of(startup), startup.Name, reason);
        }
        else if (startup.GetMembers("Configure") is not { Length: 1 } candidates || !IsConfigure(candidates[0]))
        {
            ISymbol at = startup.GetMembers("Configure").FirstOrDefault() ?? startup;
            error = DiagnosticInfo.Create(Descriptors.StartupMethod, LocationInfo.Of(at), startup.Name);
        }

        return error is null ? new(new(startup.SourceName(), startup.FullMetadataName()), default)
            : new CompilerErrors(declaration.Compilation).AreIn(startup) ? new(null, default) { HasCompilerErrors = true }
            : new(null, new([error]));
    }

    private static string? WhyNotUsable(INamedTypeSymbol startup) => startup switch
    {
        { IsStatic: false } => "is not static",
        _ when startup.IsForbidden() => "is obsolete as an error",
        _ when startup.IsOpen() => "has type parameters, or is nested in a type that has",
        _ => startup.WhyHidden() is { } hidden ? $"is hidden from generated code: {hidden}" : null,
    };

    private static bool IsConfigure(ISymbol member) =>
        member is IMethodSymbol { IsStatic: true, IsGenericMethod: false, IsVararg: false, ReturnsVoid: true, Parameters.Length: 1 } method
        && !method.IsForbidden()
        && method.DeclaredAccessibility is (Accessibility.Public or Accessibility.Internal)
        && method.Parameters[0] is { RefKind: RefKind.None } services
        && services.Type.Is(KnownNames.ServiceCollection);
}
