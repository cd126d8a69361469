using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mitogen.Generators.Dependencies;

/// <summary>Gathers the tokens of a declaration: a hash of them all, and the names among them.</summary>
internal sealed class OutlineText
{
    private readonly HashSet<string> _mentions;
    private StableHash _hash;

    public OutlineText() => _mentions = new(StringComparer.Ordinal);

    private OutlineText(HashSet<string> mentions, StableHash hash) => (_mentions, _hash) = (mentions, hash);

    public bool IsEmpty => _hash.Value == 0;

    public OutlineText Copy() => new(new(_mentions, StringComparer.Ordinal), _hash);

    public void Add(string text) => _hash.Add(text);

    public void Mention(string name) => _mentions.Add(name);

    public void Add(IEnumerable<SyntaxToken> tokens)
    {
        foreach (SyntaxToken token in tokens)
        {
            Add(token);
        }
    }

    /// <summary>Adds code to the hash alone: what it names is not looked at further.</summary>
    public void AddUnmentioned(IEnumerable<SyntaxToken> tokens)
    {
        foreach (SyntaxToken token in tokens)
        {
            _hash.Add((ulong)token.RawKind);
            _hash.Add(token.Text);
        }
    }

    public OutlinedName ToName(string name, string[] bases, OutlinedKind kind) => new(name, _hash.Value, [.. _mentions], bases, kind);

    private void Add(SyntaxToken token)
    {
        _hash.Add((ulong)token.RawKind);
        if (token.IsKind(SyntaxKind.IdentifierToken))
        {
            string name = token.ValueText;
            _hash.Add(name);
            _mentions.Add(name);
            if (token.Parent is { Parent: AttributeSyntax or QualifiedNameSyntax { Parent: AttributeSyntax } or AliasQualifiedNameSyntax })
            {
                _mentions.Add(name + "Attribute");
            }
        }
        else if (!SyntaxFacts.IsKeywordKind(token.Kind()) && !SyntaxFacts.IsPunctuation(token.Kind()))
        {
            _hash.Add(token.Text);
        }
    }
}
