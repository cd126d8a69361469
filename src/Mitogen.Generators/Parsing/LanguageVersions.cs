using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mitogen.Generators.Parsing;

/// <summary>The version of C# that generated code is written in.</summary>
internal static class LanguageVersions
{
    /// <summary>For lists of arguments that are no arrays.</summary>
    public const string Needed = "13";

    /// <summary>The version that a project is compiled as, if generated code cannot be.</summary>
    public static string? WhatIsTooOld(ParseOptions options, CancellationToken cancellationToken) =>
        options is CSharpParseOptions { LanguageVersion: < LanguageVersion.CSharp13 and var version } ? version.ToDisplayString() : null;
}
