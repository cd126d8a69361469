using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mitogen.Generators.Dependencies;

/// <summary>Which names of a compilation's source lead to which, to tell what the parse of a declaration depends on.</summary>
/// <remarks>
/// <para>
/// The symbols of a compilation are made anew after every edit, and cannot be compared with the older ones. So this is found out from
/// syntax: a declaration depends on every declaration, anywhere, of every name that stands in it, and on what those depend on. Names
/// are not resolved. That is often more than a parse looks at and never less: what a name means changes only when a declaration of
/// that name comes, goes or changes.
/// </para>
/// <para>
/// Two things lead to what does not stand in them: a class that may be abstract to those that derive from it, and everything to what a
/// file says for all files. References and options are a part of every fingerprint.
/// </para>
/// </remarks>
internal sealed class DependencyGraph
{
    private const string Suffix = "Attribute";

    // The names that a parse asks the compilation for.
    private static readonly string[] s_implied = ["KeyValuePair", "ValueTuple"];

    private readonly Dictionary<string, DependencyNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _derived = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _aliases = new(StringComparer.Ordinal);
    private readonly DependencyNode _shared = new("");
    private readonly DependencyWalk _walk;
    private readonly Fingerprint _common;
    private readonly CancellationToken _cancellationToken;
    private StableHash _environment;

    public DependencyGraph(Compilation compilation, CancellationToken cancellationToken)
    {
        Compilation = compilation;
        Weak = new(compilation);
        _cancellationToken = cancellationToken;
        _walk = new(NextOf);
        _environment.Add((ulong)compilation.Options.OutputKind);
        _environment.Add((ulong)compilation.Options.NullableContextOptions);
        _environment.Add((ulong)((compilation.SyntaxTrees.FirstOrDefault()?.Options as CSharpParseOptions)?.LanguageVersion ?? default));
        AddCompilation(compilation, [], isOwn: true);
        AddDerivedByAlias();
        _shared.Mentions.Add(s_implied);
        _common = new Fingerprint(_environment.Value, 0).With(_walk.Of(_shared));
    }

    public Compilation Compilation { get; }

    /// <summary>One for all that may look at the compilation later, and must not keep it alive.</summary>
    public WeakReference<Compilation> Weak { get; }

    /// <summary>The names that the parse of a declaration of this name depends on.</summary>
    public Fingerprint Of(string name) => _nodes.TryGetValue(name, out DependencyNode node) ? _common.With(_walk.Of(node)) : _common;

    /// <summary>Whether an attribute that source calls so may be the one, by its own name or by an alias.</summary>
    public bool MayBe(string attribute, string wanted)
    {
        if (attribute == wanted
            || (wanted.Length == attribute.Length + Suffix.Length && wanted.StartsWith(attribute, StringComparison.Ordinal)))
        {
            return true;
        }

        if (_aliases.Count == 0)
        {
            return false;
        }

        HashSet<string> meant = new([attribute, attribute + Suffix], StringComparer.Ordinal);
        Stack<string> rest = new(meant);
        while (rest.Count > 0)
        {
            foreach (string meaning in _aliases.TryGetValue(rest.Pop(), out HashSet<string> meanings) ? meanings : [])
            {
                if (meant.Add(meaning))
                {
                    rest.Push(meaning);
                }
            }
        }

        return meant.Contains(wanted);
    }

    private void AddCompilation(Compilation compilation, HashSet<Compilation> added, bool isOwn)
    {
        if (!added.Add(compilation))
        {
            return;
        }

        _environment.Add(compilation.AssemblyName ?? "");
        ulong assembly = StableHash.Of(compilation.AssemblyName ?? "");
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            AddFile(FileOutline.Of(tree, _cancellationToken), assembly, isOwn);
        }

        foreach (MetadataReference reference in compilation.References)
        {
            // A project that is open beside this one: what it declares is known as source is, and only what is used counts.
            if (reference is CompilationReference { Compilation: CSharpCompilation other })
            {
                AddCompilation(other, added, isOwn: false);
                foreach (string alias in reference.Properties.Aliases)
                {
                    _environment.Add(alias);
                }
            }
            else
            {
                _environment.Add(ObjectIds.Of(reference));
            }
        }
    }

    private void AddFile(FileOutline file, ulong assembly, bool isOwn)
    {
        if (file.Shared is { } shared)
        {
            _shared.Add(shared, file.Id, assembly);
        }

        foreach (string @namespace in file.Namespaces)
        {
            NodeOf(@namespace.Substring(@namespace.LastIndexOf('.') + 1)).AddNamespace(@namespace);
        }

        foreach (OutlinedName name in file.Names)
        {
            NodeOf(name.Name).Add(name, file.Id, assembly);
            if (name.Kind == OutlinedKind.HierarchyClass)
            {
                foreach (string @base in name.Bases)
                {
                    SetOf(_derived, @base).Add(name.Name);
                }
            }
            else if (name.Kind == OutlinedKind.Alias)
            {
                SetOf(_aliases, name.Name).UnionWith(name.Mentions);
            }
            else if (name.Kind == OutlinedKind.Generated && !isOwn)
            {
                // Whether there is one is asked of contracts that other assemblies declare.
                _environment.Add(name.Name);
            }
        }
    }

    private void AddDerivedByAlias()
    {
        foreach (KeyValuePair<string, HashSet<string>> alias in _aliases)
        {
            if (_derived.TryGetValue(alias.Key, out HashSet<string> derived))
            {
                foreach (string meant in alias.Value.Where(meant => meant != alias.Key))
                {
                    SetOf(_derived, meant).UnionWith(derived);
                }
            }
        }
    }

    private DependencyNode[] NextOf(DependencyNode node)
    {
        List<DependencyNode> next = [];
        foreach (string[] mentions in node.Mentions)
        {
            foreach (string name in mentions)
            {
                if (_nodes.TryGetValue(name, out DependencyNode found) && found != node)
                {
                    next.Add(found);
                }
            }
        }

        if (node.LeadsToDerived && _derived.TryGetValue(node.Name, out HashSet<string> derived))
        {
            next.AddRange(derived.Select(NodeOf));
        }

        return [.. next];
    }

    private DependencyNode NodeOf(string name)
    {
        if (!_nodes.TryGetValue(name, out DependencyNode node))
        {
            _nodes[name] = node = new(name);
        }

        return node;
    }

    private static HashSet<string> SetOf(Dictionary<string, HashSet<string>> sets, string name)
    {
        if (!sets.TryGetValue(name, out HashSet<string> set))
        {
            sets[name] = set = new(StringComparer.Ordinal);
        }

        return set;
    }
}
