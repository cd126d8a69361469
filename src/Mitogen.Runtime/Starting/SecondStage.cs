using Mitogen.Executables;

namespace Mitogen.Starting;

/// <summary>The answer to a shell that made its report.</summary>
/// <param name="Script">The line it runs.</param>
/// <param name="Executable">
/// The bytes that the line reads: nothing may follow it until the hello, because a shell's tools may read ahead.
/// </param>
/// <param name="Code">Where the new context has the program's code from.</param>
/// <param name="IsOnDemand">Whether the executable is sent only when the line asks for it.</param>
internal sealed record SecondStage(string Script, Packed Executable, ProgramCode Code, bool IsOnDemand = false);
