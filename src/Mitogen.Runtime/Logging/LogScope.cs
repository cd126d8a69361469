using Mitogen.Telemetry;

namespace Mitogen.Logging;

/// <summary>A scope that a record was written in.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Values">Its values, where it has some.</param>
internal sealed record LogScope(string Text, NamedValue[] Values)
{
    public bool IsComplete => Text is not null && NamedValue.AreComplete(Values);

    public long Characters => Text.Length + NamedValue.CharactersOf(Values);

    /// <summary>The scope as it can be sent.</summary>
    public static LogScope Of(object? state, TextBudget values)
    {
        const int MaxText = 1024;
        return new LogScope(
            TextBudget.Sendable(NamedValue.TextOf(state), MaxText),
            state switch
            {
                IEnumerable<KeyValuePair<string, object?>> pairs => NamedValue.Take(pairs, values),
                IEnumerable<KeyValuePair<string, string?>> texts => NamedValue.Take(texts.Select(static p => new KeyValuePair<string, object?>(p.Key, p.Value)), values),
                _ => [],
            });
    }

    public LogScope Shown() => new(VisibleText.Line(Text), NamedValue.Shown(Values));
}
