namespace Mitogen.Toolkit.Processes;

/// <summary>Signals as the kernel has them.</summary>
internal static class SignalNumber
{
    private const int Most = 64; // SIGRTMAX

    /// <exception cref="ArgumentOutOfRangeException">There is no such signal.</exception>
    public static int Of(ProcessSignal signal) => (int)signal is >= 1 and <= Most
        ? (int)signal
        : throw new ArgumentOutOfRangeException(nameof(signal), signal, $"A signal is a number from 1 to {Most}.");
}
