using Mitogen.Telemetry;

namespace Mitogen.Logging;

/// <summary>The state that the root's loggers see of a record of another context: its values, and the context's path as one more.</summary>
internal sealed class RemoteLogMessage : ValueList
{
    /// <summary>The name of the value that carries the context's path.</summary>
    public const string ContextName = "MitogenContext";

    private readonly string _text;

    /// <param name="context">The path of the context.</param>
    /// <param name="text">The message.</param>
    /// <param name="template">The text that it was formatted by.</param>
    /// <param name="values">The values in it. None speaks for the context, nor for the template.</param>
    public RemoteLogMessage(string context, string text, string template, NamedValue[] values)
        : base([
            new(ContextName, context),
            .. Pairs(values).Where(static p => p.Key is not (ContextName or LogRecord.TemplateName)),
            new(LogRecord.TemplateName, template),
        ])
    {
        Context = context;
        _text = text;
    }

    public string Context { get; }

    public override string ToString() => _text;
}
