namespace Mitogen.Runtime.Tests.Starting;

/// <summary>The shells of this machine that the stages have to run in.</summary>
internal static class StageShells
{
    private static readonly string[] s_all = ["dash", "bash", "bash --posix", "busybox ash", "mksh", "ksh", "zsh --emulate sh"];

    public static IReadOnlyList<string> All { get; } = [.. s_all.Where(shell => IsThere(shell.Split(' ')[0]))];

    private static bool IsThere(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));
}
