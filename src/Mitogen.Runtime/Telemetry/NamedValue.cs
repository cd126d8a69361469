using System.Collections;
using System.Globalization;

namespace Mitogen.Telemetry;

/// <summary>What a <see cref="NamedValue"/> is.</summary>
internal enum NamedValueKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its text.</summary>
    Text = 1,

    /// <summary>Whether its number is not 0.</summary>
    Boolean = 2,

    /// <summary>Its number.</summary>
    Integer = 3,

    /// <summary>The number whose bits are those of its number.</summary>
    Float = 4,

    /// <summary>The moment whose ticks, in UTC, are its number.</summary>
    Moment = 5,

    /// <summary>The time whose ticks are its number.</summary>
    Duration = 6,
}

/// <summary>A value with a name, of a log record, a scope or a span: numbers, truths and times stay what they are, everything else is its text.</summary>
internal sealed record NamedValue(string Name, NamedValueKind Kind, long Number, string? Text)
{
    /// <summary>The most of them in one list.</summary>
    public const int Most = 64;

    private const int MaxName = 256;
    private const int MaxText = 4096;
    private const int MaxItems = 64;

    /// <summary>Whether everything is there that the annotations promise, and possible.</summary>
    public bool IsComplete => Name is not null && Kind <= NamedValueKind.Duration && (Kind != NamedValueKind.Text || Text is not null);

    /// <summary>How many characters it has.</summary>
    public int Characters => Name.Length + (Text?.Length ?? 0);

    /// <summary>The value.</summary>
    public object? Value => Kind switch
    {
        NamedValueKind.Text => Text,
        NamedValueKind.Boolean => Number != 0,
        NamedValueKind.Integer => Number,
        NamedValueKind.Float => BitConverter.Int64BitsToDouble(Number),
        NamedValueKind.Moment => Number >= 0 && Number <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(Number, TimeSpan.Zero) : null,
        NamedValueKind.Duration => TimeSpan.FromTicks(Number),
        _ => null,
    };

    /// <summary>The value as logging and tracing have it.</summary>
    public KeyValuePair<string, object?> Pair => new(Name, Value);

    /// <summary>Whether a list is one that could have been sent.</summary>
    public static bool AreComplete(NamedValue[]? values) => values is { Length: <= Most } && Array.TrueForAll(values, static v => v is { IsComplete: true });

    /// <summary>How many characters a list has.</summary>
    public static long CharactersOf(NamedValue[] values) => values.Sum(static v => (long)v.Characters);

    /// <summary>The same list with texts that can be shown in one line.</summary>
    public static NamedValue[] Shown(NamedValue[] values) => Array.ConvertAll(values, static v => v.Shown());

    /// <summary>The values of a list as they can be sent, as far as the budget goes.</summary>
    public static NamedValue[] Take(IEnumerable<KeyValuePair<string, object?>> values, TextBudget budget)
    {
        List<NamedValue> taken = [];
        foreach ((string name, object? value) in values)
        {
            if (budget.IsSpent || taken.Count == Most)
            {
                break;
            }

            taken.Add(Take(name, value, budget));
        }

        return [.. taken];
    }

    private NamedValue Shown() => this with { Name = VisibleText.Line(Name), Text = Text is null ? null : VisibleText.Line(Text) };

    /// <summary>The text of something of the user's, which may throw: it must not fail the work that tells of it.</summary>
    public static string TextOf(object? value)
    {
#pragma warning disable CA1031 // the exception stands in the text
        try
        {
            return value switch
            {
                string text => text,
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                IReadOnlyList<KeyValuePair<string, object?>> message => message.ToString() ?? "", // it formats itself
                IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(MaxItems))}]",
                _ => value?.ToString() ?? "",
            };
        }
        catch (Exception e)
        {
            return $"({value!.GetType()} has no text: {e.GetType()})";
        }
#pragma warning restore CA1031
    }

    private static NamedValue Take(string name, object? value, TextBudget budget)
    {
        name = budget.Take(name ?? "", MaxName);
        return value switch
        {
            null => new(name, NamedValueKind.None, 0, null),
            bool truth => new(name, NamedValueKind.Boolean, truth ? 1 : 0, null),
            sbyte or byte or short or ushort or int or uint or long => new(
                name, NamedValueKind.Integer, Convert.ToInt64(value, CultureInfo.InvariantCulture), null),
            float or double => new(
                name, NamedValueKind.Float, BitConverter.DoubleToInt64Bits(Convert.ToDouble(value, CultureInfo.InvariantCulture)), null),
            DateTimeOffset moment => new(name, NamedValueKind.Moment, moment.UtcTicks, null),
            DateTime moment => new(name, NamedValueKind.Moment, moment.ToUniversalTime().Ticks, null),
            TimeSpan duration => new(name, NamedValueKind.Duration, duration.Ticks, null),
            _ => new(name, NamedValueKind.Text, 0, budget.Take(TextOf(value), MaxText)),
        };
    }
}
