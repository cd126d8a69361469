using System.Text;

namespace Mitogen.Toolkit.Processes;

/// <summary>The last lines of a program's output, for errors.</summary>
internal static class FinalLines
{
    public const int MaxBytes = 4096;

    private const int MaxLines = 10;
    private const int MaxLength = 500;

    /// <summary>Those of the error output if there are any, else those of the output.</summary>
    public static IReadOnlyList<string> Of(ReadOnlyMemory<byte> error, ReadOnlyMemory<byte> output) => Of(error) is { Count: > 0 } lines ? lines : Of(output);

    private static IReadOnlyList<string> Of(ReadOnlyMemory<byte> tail) =>
    [
        .. Encoding.UTF8.GetString(tail.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .TakeLast(MaxLines).Select(Shortened),
    ];

    // By whole characters: half a pair has no form on the wire.
    private static string Shortened(string line) =>
        line.Length <= MaxLength ? line : string.Concat(line.EnumerateRunes().Take(MaxLength).Select(rune => rune.ToString())) + "…";
}
