using System.Collections;

namespace Mitogen.Calls;

/// <summary>The entries of <see cref="Exception.Data"/> that cross: those with a text as key and a simple value.</summary>
internal static class ErrorData
{
    /// <summary>Characters of all keys and texts of one exception and those inside it.</summary>
    public const int MaxTexts = 32 * 1024;

    private const int MaxValue = 1024;

    // Of the runtime's own, such as the step that a promise failed at.
    private const string OwnPrefix = "Mitogen.";

    public static void Write(BinaryWriter writer, Exception error, ErrorAudience audience, ref int left) =>
        ErrorValues.Write(
            writer, EntriesOf(error).Where(e => audience == ErrorAudience.Above || e.Key.StartsWith(OwnPrefix, StringComparison.Ordinal)), MaxValue, ref left);

    /// <exception cref="ProtocolBrokenException">An entry breaks the rules.</exception>
    public static void Read(BinaryReader reader, Exception error)
    {
        foreach ((string key, object value) in ErrorValues.Read(reader))
        {
            error.Data[key] = value;
        }
    }

    /// <summary>Gives an exception what another one carries.</summary>
    public static void Copy(Exception from, Exception to)
    {
        if (from != to)
        {
            foreach (DictionaryEntry entry in from.Data)
            {
                to.Data[entry.Key] = entry.Value;
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> EntriesOf(Exception error) =>
        from DictionaryEntry entry in error.Data
        where entry.Key is string
        select new KeyValuePair<string, object?>((string)entry.Key, entry.Value);
}
