using System.Globalization;

namespace Mitogen.Connections;

/// <summary>The options of one connection in a connection string, <c>a=b&amp;c</c>.</summary>
internal sealed class HopOptions
{
    /// <summary>The longest time that an option gives.</summary>
    public const int MaxSeconds = 1_000_000;

    private readonly string _text;
    private readonly List<Option> _options = [];
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    /// <param name="text">The connection string.</param>
    /// <param name="span">The options, without the question mark; null when there are none.</param>
    public HopOptions(string text, TextSpan? span)
    {
        _text = text;
        int start = span?.Start ?? 0;
        while (span is { } all)
        {
            int end = text.IndexOf('&', start, all.End - start);
            int optionEnd = end < 0 ? all.End : end;
            int equal = text.IndexOf('=', start, optionEnd - start);
            _options.Add(new Option(
                new TextSpan(start, equal < 0 ? optionEnd : equal), equal < 0 ? null : new TextSpan(equal + 1, optionEnd)));
            if (end < 0)
            {
                return;
            }

            start = end + 1;
        }
    }

    /// <summary>The value of an option that may be given once; null when it is not.</summary>
    public string? Text(string name) => Find(name) is { } option ? Value(option) : null;

    /// <summary>The values of an option that may be given often.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. All(name).Select(Value)];

    public bool Flag(string name) => Find(name) is { } option && (option.Value is not { } value || Percent.Decode(_text, value) switch
    {
        "true" => true,
        "false" => false,
        _ => throw Expected(value.Start, "true or false"),
    });

    public T Choice<T>(string name, IReadOnlyList<(string Name, T Value)> choices)
    {
        if (Find(name) is not { } option)
        {
            return choices[0].Value;
        }

        string chosen = Value(option);
        foreach ((string choice, T value) in choices)
        {
            if (choice == chosen)
            {
                return value;
            }
        }

        throw Expected(option.Value!.Value.Start, $"one of {string.Join(", ", choices.Select(static choice => choice.Name))}");
    }

    public int? Number(string name, int max, string what) => Find(name) is not { } option ? null
        : int.TryParse(Value(option), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= max ? number
        : throw Expected(option.Value!.Value.Start, $"{what} from 1 to {max}");

    public TimeSpan? Seconds(string name) =>
        Number(name, MaxSeconds, "a number of seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <exception cref="FormatException">There is an option that nobody asked for.</exception>
    public void Finish()
    {
        foreach (Option option in _options)
        {
            string name = Percent.Decode(_text, option.Name);
            if (!_known.Contains(name))
            {
                throw name.Contains("pass", StringComparison.OrdinalIgnoreCase)
                    ? ConnectionStringError.Password(_text, option.Name.Start)
                    : Expected(option.Name.Start, $"one of the options {string.Join(", ", _known)}");
            }
        }
    }

    private IEnumerable<Option> All(string name)
    {
        _ = _known.Add(name);
        return _options.Where(option => Percent.Decode(_text, option.Name) == name);
    }

    private Option? Find(string name)
    {
        Option[] found = [.. All(name)];
        return found.Length > 1 ? throw Expected(found[1].Name.Start, $"'{name}' once") : found.FirstOrDefault();
    }

    private string Value(Option option)
    {
        string value = option.Value is { } span ? Percent.Decode(_text, span) : throw Expected(option.Name.End, "'=' and a value");
        return value.Length > 0 ? value : throw Expected(span.Start, "a value");
    }

    private FormatException Expected(int position, string what) => ConnectionStringError.Expected(_text, position, what);

    private sealed record Option(TextSpan Name, TextSpan? Value);
}
