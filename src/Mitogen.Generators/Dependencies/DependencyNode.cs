namespace Mitogen.Generators.Dependencies;

/// <summary>All declarations of one name.</summary>
internal sealed class DependencyNode(string name)
{
    private HashSet<string>? _namespaces;
    private ulong _text;
    private ulong _place;

    public string Name => name;

    /// <summary>The names in its declarations.</summary>
    public List<string[]> Mentions { get; } = [];

    /// <summary>Whether classes that derive from one of this name belong to what it stands for.</summary>
    public bool LeadsToDerived { get; private set; }

    /// <summary>The text of the name's declarations, without what they lead to. Their order does not show in it.</summary>
    public Fingerprint Own => new(_text, _place);

    /// <summary>The names that this one leads to; set once by <see cref="DependencyWalk"/>.</summary>
    public DependencyNode[]? Next { get; set; }

    /// <summary>The fingerprint of the name and all that it leads to; set once by <see cref="DependencyWalk"/>.</summary>
    public Fingerprint? Whole { get; set; }

    public int Index { get; set; } = -1;

    public int Low { get; set; }

    public int Cursor { get; set; }

    public bool IsOpen { get; set; }

    public void Add(OutlinedName declaration, ulong file, ulong assembly)
    {
        Mentions.Add(declaration.Mentions);
        _text = unchecked(_text + StableHash.Mix(declaration.Text ^ assembly));
        _place = unchecked(_place + StableHash.Mix(file));
        LeadsToDerived |= declaration.Kind == OutlinedKind.HierarchyClass;
    }

    /// <summary>A namespace counts once, however many files declare it.</summary>
    public void AddNamespace(string fullName)
    {
        if ((_namespaces ??= new(StringComparer.Ordinal)).Add(fullName))
        {
            _text = unchecked(_text + StableHash.Mix(StableHash.Of(fullName)));
        }
    }
}
