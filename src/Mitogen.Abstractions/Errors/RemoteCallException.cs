using System.Runtime.CompilerServices;

namespace Mitogen;

/// <summary>A call failed in the context that ran it. The context, its link and every other call remain usable.</summary>
/// <remarks>
/// Exceptions of common base-library types (<see cref="FileNotFoundException"/>, <see cref="ArgumentException"/>, ...), and of types derived from
/// them, arrive as that type; <see cref="Of"/> gives what this class tells of them. Those that had no inner exception have it as their
/// <see cref="Exception.InnerException"/>.
/// </remarks>
public sealed class RemoteCallException : Exception
{
    // Of the exceptions that stand for one that was thrown elsewhere.
    private static readonly ConditionalWeakTable<Exception, RemoteCallException> s_origins = [];

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The remote exception's message.</param>
    /// <param name="remoteType">The full name of the remote exception's type.</param>
    /// <param name="remoteStackTrace">Its stack trace over there.</param>
    /// <param name="contextPath">The names of the contexts from the root to the one that ran the call, joined by <c>/</c>.</param>
    /// <param name="innerException">The exception that stands for the remote one's own inner exception.</param>
    public RemoteCallException(
        string message, string remoteType = "", string? remoteStackTrace = null, string contextPath = "", Exception? innerException = null)
        : base(message, innerException)
    {
        RemoteType = remoteType;
        RemoteStackTrace = remoteStackTrace;
        ContextPath = contextPath;
    }

    /// <summary>The full name of the remote exception's type.</summary>
    public string RemoteType { get; }

    /// <summary>The remote exception's stack trace, as it was over there.</summary>
    public string? RemoteStackTrace { get; }

    /// <summary>The names of the contexts from the root to the one that ran the call, joined by <c>/</c>.</summary>
    public string ContextPath { get; }

    /// <summary>The full names of the remote exception's type and of those that it is derived from, up to <see cref="Exception"/>.</summary>
    internal IReadOnlyList<string>? RemoteTypes { get; init; }

    /// <summary>The exceptions that stand for all those inside the remote one, of which an aggregate has many.</summary>
    internal IReadOnlyList<Exception>? Inner { get; init; }

    /// <summary>The remote stack trace with who it is from; <see langword="null"/> if there is none.</summary>
    internal string? Trace =>
        RemoteStackTrace is null ? null : $"   --- {RemoteType} in context {ContextPath} ---{Environment.NewLine}{RemoteStackTrace}";

    /// <summary>Finds what is known of an exception that was thrown in another context.</summary>
    /// <param name="error">The exception, as it arrived.</param>
    /// <returns>Where it was thrown, as what and with which stack; <see langword="null"/> if it was thrown here.</returns>
    public static RemoteCallException? Of(Exception error) =>
        error as RemoteCallException ?? (s_origins.TryGetValue(error, out RemoteCallException? origin) ? origin : null);

    /// <inheritdoc/>
    public override string ToString() => Trace is { } trace ? $"{base.ToString()}{Environment.NewLine}{trace}" : base.ToString();

    /// <summary>
    /// Notes that an exception of the base library is thrown here for this one. When it leaves this context as it is, it is this one that is
    /// passed on.
    /// </summary>
    internal void StandBehind(Exception standIn) => s_origins.Add(standIn, this);
}
