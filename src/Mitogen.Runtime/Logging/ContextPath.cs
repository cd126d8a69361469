namespace Mitogen.Logging;

/// <summary>The place of a context, as its path tells it. No name in it has a slash.</summary>
internal static class ContextPath
{
    /// <summary>The root's child on the way to a context: the first two names of its path; the root itself for the root.</summary>
    public static string ChildOf(string path)
    {
        int root = path.IndexOf('/', StringComparison.Ordinal);
        int child = root < 0 ? -1 : path.IndexOf('/', root + 1);
        return child < 0 ? path : path[..child];
    }
}
