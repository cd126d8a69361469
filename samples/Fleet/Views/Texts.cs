namespace Fleet.Views;

/// <summary>Facts and errors as people read them.</summary>
internal static class Texts
{
    /// <summary>What a target says, without what would move the cursor or change colours.</summary>
    public static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    public static string Size(long bytes)
    {
        double value = bytes;
        string unit = "B";
        foreach (string larger in (string[])["K", "M", "G", "T"])
        {
            if (value < 1024)
            {
                break;
            }

            (value, unit) = (value / 1024, larger);
        }

        return $"{value:0.#}{unit}";
    }

    public static string Time(long seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        return time.TotalDays >= 1 ? $"{time.Days}d {time.Hours}h"
            : time.TotalHours >= 1 ? $"{time.Hours}h {time.Minutes}m"
            : $"{time.Minutes}m {time.Seconds}s";
    }
}
