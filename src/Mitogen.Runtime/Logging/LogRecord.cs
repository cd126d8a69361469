using System.Text;
using Microsoft.Extensions.Logging;

namespace Mitogen.Logging;

/// <summary>One record on its way to the root.</summary>
/// <param name="Category">The logger's category.</param>
/// <param name="Level">Its level.</param>
/// <param name="EventId">Its event's number.</param>
/// <param name="EventName">Its event's name.</param>
/// <param name="Message">The formatted message.</param>
/// <param name="Exception">The exception, as text.</param>
/// <param name="Scopes">The scopes it was written in, outermost first, as text.</param>
internal sealed record LogRecord(
    string Category, LogLevel Level, int EventId, string? EventName, string Message, string? Exception, string[] Scopes)
{
    // Characters. All together, at most three bytes each, are less than a batch may have.
    private const int MaxName = 512;
    private const int MaxText = 64 * 1024;
    private const int MaxScope = 1024;
    private const int MaxScopes = 32;

    // The bytes of a record beside its texts: in memory with its place in a queue, and as it is sent.
    private const int Overhead = 256;
    private const int ScopeOverhead = 32;
    private const int BytesOfACharacter = 3;

    /// <summary>About how many bytes it takes in memory.</summary>
    public long Size => Overhead + (ScopeOverhead * Scopes.Length) + (sizeof(char) * Characters);

    /// <summary>No fewer bytes than it takes as it is sent.</summary>
    public long EncodedSize => Overhead + (ScopeOverhead * Scopes.Length) + (BytesOfACharacter * Characters);

    private long Characters =>
        Category.Length + (EventName?.Length ?? 0) + Message.Length + (Exception?.Length ?? 0) + Scopes.Sum(s => (long)s.Length);

    /// <summary>
    /// The record as it can be sent: what is too long is cut, and says so, and half a surrogate pair, which has no bytes in UTF-8, is replaced.
    /// </summary>
    public LogRecord ToSendable() => new(
        Sendable(Category, MaxName),
        Level,
        EventId,
        EventName is null ? null : Sendable(EventName, MaxName),
        Sendable(Message, MaxText),
        Exception is null ? null : Sendable(Exception, MaxText),
        [.. Scopes.TakeLast(MaxScopes).Select(s => Sendable(s, MaxScope))]);

    private static string Sendable(string text, int most)
    {
        if (text.Length > most)
        {
            text = $"{text.AsSpan(0, most)}... (cut: it has {text.Length} characters)";
        }

        return IsWellFormed(text) ? text : string.Concat(text.EnumerateRunes().Select(r => r.ToString()));
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (text = start < 0 ? default : text[start..]; !text.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }
}
