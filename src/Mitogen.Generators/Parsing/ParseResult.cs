using Microsoft.CodeAnalysis;
using Mitogen.Generators.Diagnostics;
using Mitogen.Generators.Model;

namespace Mitogen.Generators.Parsing;

/// <summary>The findings of a parse: the model, which knows no place in source, and the errors, which do.</summary>
/// <param name="Model">The model that emission needs; <see langword="null"/> where the source has an error.</param>
/// <param name="Diagnostics">The errors of the declaration.</param>
internal sealed record ParseResult<T>(T? Model, EquatableArray<DiagnosticInfo> Diagnostics)
    where T : class, IEquatable<T>
{
    /// <summary>Whether errors of the compiler are a reason for which there is no model.</summary>
    public bool HasCompilerErrors { get; init; }

    /// <summary>It is not what it looked like: another attribute, or another part of a partial type.</summary>
    public static ParseResult<T> Nothing { get; } = new(null, default);
}

/// <summary>A declaration to parse.</summary>
/// <param name="Symbol">The symbol that is declared.</param>
/// <param name="Node">The part of it that has the attribute.</param>
/// <param name="Compilation">The compilation that it belongs to.</param>
internal readonly record struct Declaration(INamedTypeSymbol Symbol, SyntaxNode Node, Compilation Compilation);

/// <summary>Turns a declaration into its model, or says why it cannot.</summary>
/// <remarks>It must look at nothing that <see cref="Dependencies.DependencyGraph"/> leaves out: not at the bodies of methods.</remarks>
internal delegate ParseResult<T> DeclarationParser<T>(Declaration declaration, CancellationToken cancellationToken)
    where T : class, IEquatable<T>;
