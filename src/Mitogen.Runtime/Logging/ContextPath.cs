namespace Mitogen.Logging;

/// <summary>What the path of a context says of where it is. No name in it has a slash.</summary>
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
