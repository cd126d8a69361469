namespace Mitogen.Toolkit;

/// <summary>A program failed whose success was asked for. The context remains usable.</summary>
public sealed class ProcessFailedException : Exception
{
    private const int MaxLines = 20;

    /// <summary>Without words of its own.</summary>
    public ProcessFailedException()
        : this("", "", new ProcessExit(null, ProcessSignal.None, default, TimedOut: false, Usage: null), [])
    {
    }

    /// <summary>With words of its own.</summary>
    /// <param name="message">The words.</param>
    public ProcessFailedException(string message)
        : this(message, innerException: null)
    {
    }

    /// <summary>With words of its own and a cause.</summary>
    /// <param name="message">The words.</param>
    /// <param name="innerException">The cause.</param>
    public ProcessFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
        (Command, Context, LastLines) = ("", "", []);
        Exit = new ProcessExit(null, ProcessSignal.None, default, TimedOut: false, Usage: null);
    }

    /// <summary>Of a program that ran.</summary>
    /// <param name="command">The command in words.</param>
    /// <param name="context">The path of the context.</param>
    /// <param name="exit">How it ended.</param>
    /// <param name="lastLines">The last lines that it printed.</param>
    public ProcessFailedException(string command, string context, ProcessExit exit, IReadOnlyList<string> lastLines)
        : base(Text(command, context, exit, lastLines)) =>
        (Command, Context, Exit, LastLines) = (command, context, exit, lastLines);

    /// <summary>The command in words, without input and secrets.</summary>
    public string Command { get; }

    /// <summary>The path of the context that it ran in.</summary>
    public string Context { get; }

    /// <summary>How it ended.</summary>
    public ProcessExit Exit { get; }

    /// <summary>The last lines that it printed.</summary>
    public IReadOnlyList<string> LastLines { get; }

    // The lines are another machine's: what moves a cursor is visible.
    private static string Text(string command, string context, ProcessExit exit, IReadOnlyList<string> lastLines)
    {
        ArgumentNullException.ThrowIfNull(exit);
        ArgumentNullException.ThrowIfNull(lastLines);
        return $"'{PrintableLine.Of(command)}' on {PrintableLine.Of(context)} failed: {exit}."
            + string.Concat(lastLines.TakeLast(MaxLines).Select(line => $"\n  | {PrintableLine.Of(line)}"));
    }
}
