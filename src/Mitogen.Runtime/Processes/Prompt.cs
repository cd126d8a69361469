namespace Mitogen.Processes;

/// <summary>What a child may be asking.</summary>
/// <param name="Tail">What it wrote since the last end of a line; never empty.</param>
/// <param name="EchoOff">Whether its terminal shows nothing of what is typed: it asks for a secret, in whatever language. Always
/// false without a terminal.</param>
internal readonly record struct Prompt(string Tail, bool EchoOff);
