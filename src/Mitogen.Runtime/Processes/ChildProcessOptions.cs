using System.Collections.ObjectModel;

namespace Mitogen.Processes;

/// <summary>The descriptors that join us to a child's standard input and output.</summary>
internal enum ChildStreams
{
    /// <summary>One end of a Unix socket pair, as both.</summary>
    Socket,

    /// <summary>A socket pair each, so that the end of one is seen though a tool in between keeps the other open.</summary>
    Sockets,

    /// <summary>A pipe each, for programs that open /dev/stdin or insist on a pipe.</summary>
    Pipes,
}

/// <summary>The program to start, and the way to start it.</summary>
internal sealed class ChildProcessOptions
{
    /// <summary>A path, or a name that is looked up on this process's PATH.</summary>
    public required string FileName { get; init; }

    /// <summary>All arguments, the program's own name as the first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Changes to this process's environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>Null is this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    public ChildStreams Streams { get; init; } = ChildStreams.Socket;

    /// <summary>
    /// Whether standard error is a terminal of the child's own, so that programs find <c>/dev/tty</c> and ask there for passwords.
    /// Lines come all the same.
    /// </summary>
    public bool Terminal { get; init; }

    /// <summary>
    /// Whatever stands on standard error without an end of line: perhaps a prompt. Called again as it grows, and with a terminal when
    /// the echo is switched off while it stands there; else as <see cref="StderrLine"/>, and from the same thread.
    /// </summary>
    public Action<Prompt>? Prompt { get; init; }

    /// <summary>
    /// Each line of the child's standard error. Called on the one thread that watches all children, so it must be quick.
    /// If it throws, it is called no more and <see cref="ChildProcess.StderrDrained"/> fails with its exception.
    /// </summary>
    public Action<string>? StderrLine { get; init; }

    /// <summary>How long to wait for the end of standard error after the exit, if a process outside the group holds it.</summary>
    public TimeSpan StderrDrainTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a child has between SIGTERM and SIGKILL.</summary>
    public TimeSpan TerminateTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks for the exit at intervals though there is a pidfd, as happens by itself on kernels before 5.3.</summary>
    public bool PollForExit { get; init; }
}
