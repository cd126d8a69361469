namespace Mitogen.Routing;

/// <summary>The names of contexts, and their paths: the names from the root on, joined by slashes.</summary>
internal static class ContextNames
{
    private const int MaxName = 100;

    // A machine describes itself in some words.
    private const int MaxWords = 1024;

    /// <summary>Whether a context may have the name: nothing in it is taken for two names, or for anything else than a name where it is printed.</summary>
    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxName && !name.ContainsAny('/', '\t') && name.SequenceEqual(VisibleText.Line(name.ToString()));

    /// <summary>The words in which a context describes itself, made printable.</summary>
    public static ContextInfo Shown(ContextInfo? info) => info is null
        ? new ContextInfo("", "", 0, "", "", "")
        : new ContextInfo(
            Shown(info.HostName), Shown(info.UserName), info.ProcessId, Shown(info.OperatingSystem), Shown(info.Architecture), Shown(info.Runtime));

    /// <summary>Whether a text is a path that contexts can have.</summary>
    public static bool IsPath(string path)
    {
        foreach (Range name in path.AsSpan().Split('/'))
        {
            if (!IsName(path.AsSpan(name)))
            {
                return false;
            }
        }

        return true;
    }

    private static string Shown(string? words) => VisibleText.Line(words is null ? "" : words.Length <= MaxWords ? words : words[..MaxWords]);

    /// <summary>Whether a path is that of a context somewhere below another one.</summary>
    public static bool IsBelow(string path, string above) =>
        path.Length > above.Length + 1 && path[above.Length] == '/' && path.StartsWith(above, StringComparison.Ordinal)
        && IsPath(path[(above.Length + 1)..]);
}
