namespace Mitogen.Interop;

/// <summary>What to say when the system gives no more descriptors.</summary>
internal static class DescriptorLimit
{
    private const int ProcessIsFull = 24; // EMFILE
    private const int SystemIsFull = 23;  // ENFILE

    /// <param name="error">The number of the system's error.</param>
    /// <returns>The limit, and what it should be; <see langword="null"/> if the error is another one.</returns>
    public static string? Explain(int error) => error switch
    {
        ProcessIsFull when Libc.OpenFileLimit() is { } limit =>
            $"This process may have {limit} descriptors (ulimit -n), and each context takes about four: start the program with at least {2 * limit}.",
        SystemIsFull => "The machine has as many open files as it may (sysctl fs.file-max).",
        _ => null,
    };
}
