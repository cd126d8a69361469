using System.Text.RegularExpressions;

namespace Mitogen.Connections;

/// <summary>Errors that show the place in a connection string, and hide what looks like a password in it.</summary>
internal static partial class ConnectionStringError
{
    private const string Mask = "***";

    public static FormatException Expected(string text, int position, string expected) =>
        Create(text, position, $"expected {expected}");

    public static FormatException Password(string text, int position) => Create(
        text, position, "passwords do not belong into strings: parse it without one and set the Password of the connection");

    private static FormatException Create(string text, int position, string problem)
    {
        string shown = Printable(text);
        int column = position;
        foreach (Match hidden in Hidden().Matches(shown))
        {
            if (hidden.Index < position)
            {
                column -= Math.Min(position, hidden.Index + hidden.Length) - hidden.Index;
                column += position < hidden.Index + hidden.Length ? 0 : Mask.Length;
            }
        }

        return new FormatException(
            $"This is no connection: {problem}.\n  {Hidden().Replace(shown, Mask)}\n  {new string(' ', column)}^");
    }

    /// <summary>One column for each character, and nothing that a terminal acts on.</summary>
    private static string Printable(string text) => string.Create(text.Length, text, static (printable, text) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            printable[i] = char.IsControl(text[i]) ? '?' : text[i];
        }
    });

    /// <summary>
    /// The text between the user's colon and an <c>@</c>, behind the colon of a user alone, or in an option with such a name. Also
    /// where the password itself holds what would end it.
    /// </summary>
#pragma warning disable MA0009 // quadratic at worst, in what a person wrote; a timeout would be one more kind of error
    [GeneratedRegex(
        "(?<=://[^:@+?/]*:)(?!//)((?!://).)+(?=@)|(?<=\\b(sudo|su|doas)://[^:@+?/]*:).+|(?<=[?&][^=&+]*pass[^=&+]*=)[^&]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
#pragma warning restore MA0009
    private static partial Regex Hidden();
}
