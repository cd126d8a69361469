namespace Mitogen.Processes;

/// <summary>How a child ended: by a code or by a signal; by neither if something else in this process took its status first.</summary>
internal readonly record struct ChildExit(int? Code, int? Signal)
{
    /// <summary>Reads the status word of waitpid(2).</summary>
    public static ChildExit FromStatus(int status) =>
        (status & 0x7f) == 0 ? new ChildExit((status >> 8) & 0xff, null) : new ChildExit(null, status & 0x7f);

    public override string ToString() => this switch
    {
        { Code: { } code } => $"exited with code {code}",
        { Signal: { } signal } => $"was killed by signal {signal}{Name(signal)}",
        _ => "ended with an unknown status",
    };

    private static string Name(int signal) => signal switch
    {
        1 => " (SIGHUP)",
        2 => " (SIGINT)",
        3 => " (SIGQUIT)",
        4 => " (SIGILL)",
        6 => " (SIGABRT)",
        7 => " (SIGBUS)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        13 => " (SIGPIPE)",
        15 => " (SIGTERM)",
        _ => "",
    };
}
