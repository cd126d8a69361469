namespace Mitogen.Runtime.Tests.Samples;

/// <summary>Where things lie in the repository that these tests were built in.</summary>
internal static class Repository
{
    // .../tests/Mitogen.Runtime.Tests/bin/CONFIGURATION/FRAMEWORK
    private static readonly string s_output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    public static string Root { get; } = Path.GetFullPath(Path.Combine(s_output, "../../../../.."));

    /// <summary>The folder that a sample was built into, in the configuration of these tests.</summary>
    public static string OutputOf(string sample) =>
        Path.Combine(Root, "samples", sample, "bin", Path.GetFileName(Path.GetDirectoryName(s_output)!), Path.GetFileName(s_output));
}
