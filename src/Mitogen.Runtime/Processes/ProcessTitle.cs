using System.Globalization;
using System.Text;

namespace Mitogen.Processes;

/// <summary>
/// Changes the command line that <c>ps</c> shows, by writing over the memory that the kernel put the arguments in, and the name that <c>top</c>
/// and <c>pgrep</c> go by: that of an executable without a path would be the number of its descriptor.
/// </summary>
internal static unsafe class ProcessTitle
{
    // Of /proc/PID/stat, by proc(5), counted from 1; the name (2) is in parentheses and may hold spaces, so we count from the state (3).
    private const int StateField = 3;
    private const int ArgumentsStartField = 48;
    private const int ArgumentsEndField = 49;

    /// <summary>False, and nothing is changed, if the arguments that the process was started with leave too little room.</summary>
    /// <param name="title">The text that stands for the whole command line.</param>
    /// <param name="name">Of 15 characters at most.</param>
    public static bool Set(string title, ReadOnlySpan<byte> name)
    {
        byte[] text = Encoding.UTF8.GetBytes(title);
        Span<byte> arguments = FindArguments();
        if (text.Length >= arguments.Length)
        {
            return false;
        }

        text.CopyTo(arguments);
        arguments[text.Length..].Clear();
        File.WriteAllBytes("/proc/self/comm", name); // proc(5): the main thread's; there is a /proc, or there were no arguments
        return true;
    }

    private static Span<byte> FindArguments()
    {
        string stat;
        try
        {
            stat = File.ReadAllText("/proc/self/stat");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return default; // no /proc here
        }

        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length > ArgumentsEndField - StateField
            && ulong.TryParse(fields[ArgumentsStartField - StateField], CultureInfo.InvariantCulture, out ulong start)
            && ulong.TryParse(fields[ArgumentsEndField - StateField], CultureInfo.InvariantCulture, out ulong end)
            && start != 0 && end > start
                ? new Span<byte>((void*)start, checked((int)(end - start)))
                : default;
    }
}
