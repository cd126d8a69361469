using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Tests.Naming;

/// <summary>
/// A type as a source file of the repository declares it. Read from the sources and not from assemblies: a file that several projects compile is
/// one declaration, and what was not built, or was built long ago, does not count.
/// </summary>
/// <param name="Name">Its name, without type parameters.</param>
/// <param name="Namespace">Where it is.</param>
/// <param name="Arity">How many type parameters it has.</param>
/// <param name="IsPublic">Whether it is public.</param>
/// <param name="IsPartial">Whether others may be declarations of the same type.</param>
/// <param name="File">The file, from the top of the repository.</param>
internal sealed record DeclaredType(string Name, string Namespace, int Arity, bool IsPublic, bool IsPartial, string File)
{
    private static readonly string[] s_folders = ["src", "tests", "samples", "benchmarks"];

    // Of what is built, what is expected to be generated, the code that a build gives to its own tasks, and the programs that templates make.
    private static readonly string[] s_passedOver = ["bin", "obj", "Snapshots", "build", "templates"];

    /// <summary>All that stand in no other type and are not their file's own.</summary>
    public static IReadOnlyList<DeclaredType> All { get; } =
        [.. s_folders.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories)).SelectMany(Read)];

    /// <summary>Whether it is of a library, and its users write its name.</summary>
    public bool IsPublicOfLibrary => IsPublic && File.StartsWith("src/", StringComparison.Ordinal);

    private static IEnumerable<DeclaredType> Read(string path)
    {
        string file = Path.GetRelativePath(Root(), path);
        return file.Split('/').Intersect(s_passedOver).Any()
            ? []
            : CSharpSyntaxTree.ParseText(System.IO.File.ReadAllText(path)).GetRoot()
                .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
                .Where(static node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
                .Select(node => Of((MemberDeclarationSyntax)node, file))
                .OfType<DeclaredType>();
    }

    private static DeclaredType? Of(MemberDeclarationSyntax declaration, string file)
    {
        (SyntaxToken name, TypeParameterListSyntax? parameters) = declaration switch
        {
            TypeDeclarationSyntax type => (type.Identifier, type.TypeParameterList),
            DelegateDeclarationSyntax type => (type.Identifier, type.TypeParameterList),
            _ => (((EnumDeclarationSyntax)declaration).Identifier, null),
        };
        return declaration.Modifiers.Any(SyntaxKind.FileKeyword)
            ? null
            : new DeclaredType(
                name.Text,
                (declaration.Parent as BaseNamespaceDeclarationSyntax)?.Name.ToString() ?? "",
                parameters?.Parameters.Count ?? 0,
                declaration.Modifiers.Any(SyntaxKind.PublicKeyword),
                declaration.Modifiers.Any(SyntaxKind.PartialKeyword),
                file);
    }

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
