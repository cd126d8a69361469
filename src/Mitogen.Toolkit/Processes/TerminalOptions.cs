namespace Mitogen.Toolkit;

/// <summary>A terminal that a program gets.</summary>
/// <param name="Columns">Its width in characters, from 1 to 65,535.</param>
/// <param name="Rows">Its height in characters, from 1 to 65,535.</param>
/// <param name="Type">Its kind, for <c>TERM</c>.</param>
public sealed record TerminalOptions(int Columns = 80, int Rows = 24, string Type = "xterm-256color");
