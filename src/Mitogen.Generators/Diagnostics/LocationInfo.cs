using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Mitogen.Generators.Diagnostics;

/// <summary>A place in source that compares by value and keeps no syntax tree alive.</summary>
internal sealed record LocationInfo(string FilePath, TextSpan Span, LinePositionSpan Lines)
{
    /// <summary>Where a symbol is declared; <see langword="null"/> where that is not in source.</summary>
    public static LocationInfo? Of(ISymbol symbol) => Of(symbol.Locations.FirstOrDefault());

    public static LocationInfo? Of(Location? location) =>
        location is { IsInSource: true }
            ? new LocationInfo(location.SourceTree!.FilePath, location.SourceSpan, location.GetLineSpan().Span)
            : null;

    public Location ToLocation() => Location.Create(FilePath, Span, Lines);
}
