namespace Mitogen.Calls;

/// <summary>Who gets an exception, and with that how much of it.</summary>
internal enum ErrorAudience
{
    /// <summary>This context itself, or one above it: everything.</summary>
    Above,

    /// <summary>A context below, which may be somebody else's by now: no stack, no path of a file of this machine, no printed lines, no data.</summary>
    Below,
}
