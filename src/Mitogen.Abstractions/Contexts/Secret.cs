using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mitogen;

/// <summary>
/// A password or passphrase. It is never printed: <see cref="ToString"/> gives <c>***</c>, and so do the records that hold one;
/// debuggers and serializers that look at members see none. A <see cref="string"/> converts to it. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// It crosses the wire as text, like any other argument, to the context that is to type it: the contexts on the way pass it on and
/// could read it. In memory it is an ordinary string, which is not overwritten; the bytes that are typed of it are.
/// </remarks>
[DebuggerDisplay("***")]
public sealed class Secret : IEquatable<Secret>
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    /// <summary>Keeps a text secret.</summary>
    /// <param name="text">The password; it may be empty.</param>
    public Secret(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    /// <summary>Keeps a text secret.</summary>
    /// <param name="text">The password; <see langword="null"/> converts to <see langword="null"/>.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Secret?(string? text) => text is null ? null : new Secret(text);

    /// <summary>Whether two secrets have the same text.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other one.</param>
    public static bool operator ==(Secret? left, Secret? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two secrets have different texts.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other one.</param>
    public static bool operator !=(Secret? left, Secret? right) => !(left == right);

    /// <summary>The text, for a connection of your own that has to show it to the other side. A method, because properties get printed.</summary>
    /// <returns>The text.</returns>
    public string Reveal() => _text;

    /// <summary>Whether it has the same text as another one. The time that it takes tells no more than their lengths.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(
        MemoryMarshal.AsBytes(_text.AsSpan()), MemoryMarshal.AsBytes(other._text.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Gives <c>***</c>.</summary>
    /// <returns><c>***</c>.</returns>
    public override string ToString() => "***";
}
