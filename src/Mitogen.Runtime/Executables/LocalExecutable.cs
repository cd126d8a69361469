namespace Mitogen.Executables;

/// <summary>An executable on this machine.</summary>
/// <param name="Path">Names it in this process and in one that it starts.</param>
/// <param name="Kept">Keeps the path valid until it is disposed; <see langword="null"/> where nothing has to.</param>
internal sealed record LocalExecutable(string Path, IDisposable? Kept);
