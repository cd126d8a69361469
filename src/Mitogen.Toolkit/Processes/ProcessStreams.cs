namespace Mitogen.Toolkit;

/// <summary>Streams of the caller that a process reads from and writes to while it runs, each at the pace of the slower side.</summary>
/// <param name="Input">Read to its end, after <see cref="ProcessCommand.Input"/>, for the program's standard input.</param>
/// <param name="Output">Gets the standard output that is over <see cref="ProcessCommand.MaxOutput"/>.</param>
/// <param name="Error">Gets the standard error that is over <see cref="ProcessCommand.MaxOutput"/>.</param>
public sealed record ProcessStreams(Stream? Input = null, Stream? Output = null, Stream? Error = null);
