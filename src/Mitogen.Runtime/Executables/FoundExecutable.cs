namespace Mitogen.Executables;

/// <summary>The result of a search for a native executable.</summary>
/// <param name="Executable">The executable, if there is one.</param>
/// <param name="Missing">Why there is none, and how to make one.</param>
internal sealed record FoundExecutable(NativeExecutable? Executable, string Missing);
