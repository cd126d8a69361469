namespace Mitogen.Processes;

/// <summary>A text that may be a child's question.</summary>
/// <param name="Tail">The text since the last end of a line; never empty.</param>
/// <param name="EchoOff">Whether its terminal shows nothing of what is typed: it asks for a secret, in whatever language. Always
/// false without a terminal.</param>
internal readonly record struct Prompt(string Tail, bool EchoOff);
