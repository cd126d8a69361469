using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Mitogen.Generators.Tests.Harness;

/// <summary>Source in which <c>{|ID:text|}</c> marks where a diagnostic is expected.</summary>
internal sealed partial class Markup
{
    public Markup(string text)
    {
        var expected = new List<(string, TextSpan)>();
        int removed = 0;
        Source = Marker().Replace(text, match =>
        {
            expected.Add((match.Groups[1].Value, new TextSpan(match.Index - removed, match.Groups[2].Length)));
            removed += match.Length - match.Groups[2].Length;
            return match.Groups[2].Value;
        });
        Expected = expected;
    }

    public string Source { get; }

    public IReadOnlyList<(string Id, TextSpan Span)> Expected { get; }

    [GeneratedRegex(@"\{\|(\w+):(.*?)\|\}")]
    private static partial Regex Marker();
}
