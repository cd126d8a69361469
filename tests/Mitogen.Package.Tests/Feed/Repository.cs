using System.Reflection;

namespace Mitogen.Package.Tests.Feed;

internal static class Repository
{
    /// <summary>The folder of the sources.</summary>
    public static string Root { get; } =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!;
}
