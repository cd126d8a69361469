namespace Mitogen.Calls;

/// <summary>The details of an exception beside its message: the properties that a handler may look at, by name.</summary>
internal sealed class ErrorDetails
{
    /// <summary>Characters of all names and texts of one exception and those inside it.</summary>
    public const int MaxTexts = 32 * 1024;

    /// <summary>Characters of one text: a file's path has as many.</summary>
    private const int MaxText = 4096;

    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set => _values[name] = value;
    }

    public static ErrorDetails Read(BinaryReader reader)
    {
        ErrorDetails details = new();
        foreach ((string name, object value) in ErrorValues.Read(reader))
        {
            // Messages show them.
            details[name] = value is string text ? VisibleText.Line(text) : value;
        }

        return details;
    }

    public string? Text(string name) => this[name] as string;

    public int Int32(string name) => this[name] is int number ? number : 0;

    public long? Int64(string name) => this[name] as long?;

    public void Write(BinaryWriter writer, ErrorAudience audience, ref int left) =>
        ErrorValues.Write(
            writer, audience == ErrorAudience.Above ? _values : _values.Select(v => new KeyValuePair<string, object?>(v.Key, Hide(v.Value))), MaxText, ref left);

    private static object? Hide(object? value) => value is string text ? LocalPaths.HideName(text) : value;
}
