namespace Mitogen.Toolkit;

/// <summary>The signals of Linux, with their numbers. Others may be given by their numbers, from 1 to 64.</summary>
public enum ProcessSignal
{
    /// <summary>No signal.</summary>
    None = 0,

    /// <summary>SIGHUP: the terminal is gone, or the configuration changed.</summary>
    HangUp = 1,

    /// <summary>SIGINT: as Ctrl-C.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT: as Ctrl-\.</summary>
    Quit = 3,

    /// <summary>SIGILL: an instruction that there is not.</summary>
    IllegalInstruction = 4,

    /// <summary>SIGABRT: the program gave up.</summary>
    Abort = 6,

    /// <summary>SIGBUS: memory that cannot be accessed in this way.</summary>
    BusError = 7,

    /// <summary>SIGFPE: an arithmetic fault.</summary>
    ArithmeticFault = 8,

    /// <summary>SIGKILL: ends it, and cannot be caught.</summary>
    Kill = 9,

    /// <summary>SIGUSR1: as the program likes.</summary>
    User1 = 10,

    /// <summary>SIGSEGV: memory that is not there.</summary>
    SegmentationFault = 11,

    /// <summary>SIGUSR2: as the program likes.</summary>
    User2 = 12,

    /// <summary>SIGPIPE: nobody reads what it writes.</summary>
    BrokenPipe = 13,

    /// <summary>SIGALRM: its time is over.</summary>
    Alarm = 14,

    /// <summary>SIGTERM: asks it to end.</summary>
    Terminate = 15,

    /// <summary>SIGCONT: goes on.</summary>
    Continue = 18,

    /// <summary>SIGSTOP: stops it, and cannot be caught.</summary>
    Stop = 19,

    /// <summary>SIGTSTP: as Ctrl-Z.</summary>
    TerminalStop = 20,

    /// <summary>SIGXCPU: its share of the processor is used up.</summary>
    ProcessorLimit = 24,

    /// <summary>SIGWINCH: the terminal has another size.</summary>
    WindowChange = 28,
}
