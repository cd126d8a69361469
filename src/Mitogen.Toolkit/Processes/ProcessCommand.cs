using System.Collections.ObjectModel;

namespace Mitogen.Toolkit;

/// <summary>A program, its arguments and the way to run it. Immutable. It prints without input and secrets.</summary>
/// <param name="Program">
/// A path, or a name that is looked up on the <c>PATH</c> that the program gets. A relative path is relative to <see cref="Folder"/>.
/// </param>
/// <param name="Arguments">
/// The arguments, each passed as it is: no shell reads them. Everybody on the machine can see them, so that a secret belongs into
/// <see cref="SecretInput"/> or <see cref="SecretEnvironment"/>.
/// </param>
public sealed record ProcessCommand(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>The folder that it starts in. Default: that of the context.</summary>
    public string? Folder { get; init; }

    /// <summary>Changes to the environment of the context; <see langword="null"/> removes a variable. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>Variables whose values are not printed. Only the program's own user and root can read them. Default: none.</summary>
    public IReadOnlyDictionary<string, Secret> SecretEnvironment { get; init; } = ReadOnlyDictionary<string, Secret>.Empty;

    /// <summary>
    /// Whether it gets none of the context's variables, but for <c>PATH</c>, which is the usual one then if <see cref="Environment"/> has none.
    /// Default: <see langword="false"/>.
    /// </summary>
    public bool CleanEnvironment { get; init; }

    /// <summary>
    /// The user that it runs as, by name or number, with that user's groups, <c>HOME</c>, <c>USER</c>, <c>LOGNAME</c> and <c>SHELL</c>. The context
    /// has to be root for that. No login session is made: for one, start a context by <c>sudo</c> or <c>su</c>. Default: that of the context.
    /// </summary>
    public string? User { get; init; }

    /// <summary>The group that it runs as, by name or number. The context has to be root for that. Default: that of the user.</summary>
    public string? Group { get; init; }

    /// <summary>The permissions that files which it makes do not get. Default: those of the context.</summary>
    public UnixFileMode? Umask { get; init; }

    /// <summary>Its nice value, from -20 (root only) to 19. Default: that of the context.</summary>
    public int? Nice { get; init; }

    /// <summary>The time after which it is ended, as by cancellation. The result says <see cref="ProcessExit.TimedOut"/>. Default: none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The time between SIGTERM and SIGKILL, when it is ended. Default: 5 seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long its output is waited for after its exit, while a process that it left behind holds the pipes open. All that it wrote itself is
    /// read anyway. Default: 500 milliseconds.
    /// </summary>
    public TimeSpan OutputDrainTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A terminal for programs that want one: then standard output has all output, and standard error is empty. Default: pipes.</summary>
    public TerminalOptions? Terminal { get; init; }

    /// <summary>Whether standard error goes to standard output, in the very order in which the program writes. Default: <see langword="false"/>.</summary>
    public bool ErrorToOutput { get; init; }

    /// <summary>
    /// The program's standard input. For <see cref="IProcesses.RunAsync"/> its end follows; for <see cref="IProcesses.StartAsync"/> what is written to
    /// <see cref="RemoteProcess.Input"/> follows. Default: none.
    /// </summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>A secret that is written to its standard input as a first line, before <see cref="Input"/>. Default: none.</summary>
    public Secret? SecretInput { get; init; }

    /// <summary>The bytes of output, and those of error output, that a result keeps. Default: 1 MiB each.</summary>
    public int MaxOutput { get; init; } = 1024 * 1024;

    /// <summary>The longest line, in characters, that <see cref="RemoteProcess.Lines"/> gives as one. A longer one comes in pieces. Default: 64 Ki.</summary>
    public int MaxLine { get; init; } = 64 * 1024;

    /// <summary>
    /// Whether it goes on when the link is lost, the context ends or <see cref="RemoteProcess"/> is disposed. Its standard input is empty then from
    /// the start, and its output goes to <see cref="OutputFile"/>. Default: <see langword="false"/>.
    /// </summary>
    public bool OutlivesLink { get; init; }

    /// <summary>
    /// A file over there that all output is appended to, made with mode 0600 by the user whom it runs as if there is none. Default: none; the
    /// output of a process that outlives the link goes to <c>/dev/null</c> then.
    /// </summary>
    public string? OutputFile { get; init; }

    /// <summary>
    /// A script for <c>/bin/sh</c>. The arguments are its <c>$1</c>, <c>$2</c> and so on: they are never read as script. Put what varies there, and
    /// not into the script.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The command.</returns>
    public static ProcessCommand Shell(string script, params IReadOnlyList<string> arguments) => new("/bin/sh", ["-c", script, "sh", .. arguments]);

    /// <summary>The program and its arguments, quoted where a shell would need that; nothing else.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(' ', [Program, .. Arguments.Select(Quote)]);

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c, StringComparison.Ordinal))
        ? argument
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
