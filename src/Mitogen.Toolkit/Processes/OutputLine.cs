namespace Mitogen.Toolkit;

/// <summary>A line that a process printed.</summary>
/// <param name="Kind">Where it printed the line.</param>
/// <param name="Text">The line, without its end, read as UTF-8.</param>
/// <param name="IsPart">Whether the line goes on in the next one of its kind: it is longer than <see cref="ProcessCommand.MaxLine"/>.</param>
public readonly record struct OutputLine(OutputKind Kind, string Text, bool IsPart = false);

/// <summary>Where a process prints.</summary>
public enum OutputKind
{
    /// <summary>Standard output.</summary>
    Output,

    /// <summary>Standard error.</summary>
    Error,
}
