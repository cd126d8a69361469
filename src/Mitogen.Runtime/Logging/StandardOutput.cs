namespace Mitogen.Logging;

/// <summary>Makes log records of what a context prints.</summary>
internal static class StandardOutput
{
    /// <summary>The category of lines on standard output.</summary>
    public const string Output = "stdout";

    /// <summary>The category of lines on standard error.</summary>
    public const string Error = "stderr";

    public static LogBatch Line(string context, string category, string line) =>
        new(context, [LogRecord.Line(category, line)], [], 0);
}
