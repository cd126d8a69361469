using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Mitogen.Generators.Dependencies;

/// <summary>The declarations of one file, as far as the parse of a contract, a service or a startup class can see it.</summary>
/// <remarks>It is made of syntax alone, once for each version of a file.</remarks>
internal sealed class FileOutline
{
    private static readonly ConditionalWeakTable<SyntaxTree, FileOutline> s_all = new();
    private static long s_lastId;

    internal FileOutline(IReadOnlyList<OutlinedName> names, IReadOnlyList<string> namespaces, OutlinedName? shared)
    {
        Names = names;
        Namespaces = namespaces;
        Shared = shared;
        Id = (ulong)Interlocked.Increment(ref s_lastId);
    }

    /// <summary>A number that no other version of a file has.</summary>
    public ulong Id { get; }

    /// <summary>The types and the aliases.</summary>
    public IReadOnlyList<OutlinedName> Names { get; }

    /// <summary>The full names of the namespaces, those around each of them included.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    /// <summary>The part of the file that holds for all files: global usings, and attributes of the assembly; most say nothing.</summary>
    public OutlinedName? Shared { get; }

    public static FileOutline Of(SyntaxTree tree, CancellationToken cancellationToken)
    {
        if (!s_all.TryGetValue(tree, out FileOutline outline))
        {
            outline = OutlineBuilder.Build(tree.GetRoot(cancellationToken), cancellationToken);
            outline = s_all.GetValue(tree, _ => outline);
        }

        return outline;
    }
}

/// <summary>One declaration of a name.</summary>
/// <param name="Name">The name alone, without the namespace: whoever writes it may mean this declaration.</param>
/// <param name="Text">A hash of the declaration without the bodies of its methods, and of what is around it.</param>
/// <param name="Mentions">The names that stand in it.</param>
/// <param name="Bases">Of those, the ones that stand where its bases are named.</param>
/// <param name="Kind">The kind of declaration.</param>
internal sealed record OutlinedName(string Name, ulong Text, string[] Mentions, string[] Bases, OutlinedKind Kind);

internal enum OutlinedKind
{
    /// <summary>A type that nothing derives from, or whose derived types are of no interest.</summary>
    Type,

    /// <summary>A class that may be one of a closed hierarchy: it is abstract, or has bases.</summary>
    HierarchyClass,

    /// <summary>A class that this generator has printed for an assembly.</summary>
    Generated,

    /// <summary>A using that gives a name to a type or a namespace.</summary>
    Alias,

    /// <summary>Not a name: what a file says for all files.</summary>
    Shared,
}
