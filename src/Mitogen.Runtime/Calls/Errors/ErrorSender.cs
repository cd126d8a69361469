using Mitogen.Routing;

namespace Mitogen.Calls;

/// <summary>The context that answers with an exception, and with that of which contexts the exception may speak.</summary>
/// <param name="Path">Its path; of a context that is known by its calls alone, that of the child on the way to it.</param>
/// <param name="IsTrusted">Whether it is this context itself or one above it: then it may speak of all.</param>
/// <param name="IsExact">Whether the path is its own.</param>
internal readonly record struct ErrorSender(string Path, bool IsTrusted = false, bool IsExact = true)
{
    /// <summary>A context that is trusted.</summary>
    public static ErrorSender Trusted(string path) => new(path, IsTrusted: true);

    /// <summary>Whether it may speak of a context: of itself, and of those below it.</summary>
    public bool MaySpeakOf(string context) =>
        IsTrusted || (IsExact && context == Path) || ContextNames.IsBelow(context, Path);
}
