namespace Mitogen.Executables;

/// <summary>The platforms that contexts run on, by their runtime identifiers. An executable is asked for by one of these and nothing else.</summary>
internal static class Platforms
{
    internal const string X64 = "linux-x64";

    internal const string Arm64 = "linux-arm64";

    internal static bool IsKnown(string? rid) => rid is X64 or Arm64;
}
