using System.Runtime.ExceptionServices;

namespace Mitogen.Calls;

/// <summary>
/// The base library's exceptions that arrive as themselves, and what is derived from them as the nearest of them. The table is compiled in: no
/// type is ever created from a name on the wire.
/// </summary>
internal static partial class KnownExceptions
{
    // By full name, and not by type: a type of a library that the program does not use is not to be loaded.
    private static readonly Dictionary<string, KnownException> s_known = new([.. Own, .. Files, .. Libraries], StringComparer.Ordinal);

    /// <summary>The full names of all.</summary>
    public static IReadOnlyCollection<string> Names => s_known.Keys;

    /// <summary>The details that a handler may look at beside the message: the properties of the nearest known type.</summary>
    public static ErrorDetails Describe(Exception error)
    {
        ErrorDetails details = new();
        for (Type? type = error.GetType(); type is not null; type = type.BaseType)
        {
            if (s_known.TryGetValue(type.FullName ?? "", out KnownException? known))
            {
                known.Describe?.Invoke(error, details);
                break;
            }
        }

        return details;
    }

    /// <summary>The message of an exception, for its origin: an aggregate's own text without those of the exceptions in it.</summary>
    public static string GetMessage(Exception error) => error is AggregateException aggregate ? MessageOf(aggregate) ?? "" : error.Message;

    /// <summary>Makes what is thrown here; the exception itself where none of its types is known.</summary>
    public static Exception Create(RemoteCallException error, ErrorDetails details)
    {
        if (error.RemoteTypes?.Select(s_known.GetValueOrDefault).FirstOrDefault(k => k is not null) is not { } nearest)
        {
            return error;
        }

        Exception known = nearest.Create(error.Message, error.InnerException ?? error, details);
        if (known is AggregateException && error.Inner is { Count: > 0 } inner)
        {
            known = new AggregateException(error.Message, inner);
        }

        known.HResult = error.HResult;
        error.StandBehind(known);
        if (known.InnerException != error && error.Trace is { } trace)
        {
            // Where it was thrown is not told by what is inside it.
            _ = ExceptionDispatchInfo.SetRemoteStackTrace(known, trace);
        }

        return known;
    }
}
