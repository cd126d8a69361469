using System.Globalization;

namespace Mitogen.Processes;

/// <summary>The handling of signals by this process.</summary>
internal static class ProcessSignals
{
    private const string Field = "SigIgn:";

    /// <summary>Whether a signal was ignored when the process was started, as <c>nohup</c> has it: then it is to stay so.</summary>
    /// <remarks>From <c>/proc/self/status</c> (proc_pid_status(5)): a mask in hexadecimal digits. Without <c>/proc</c>: no.</remarks>
    public static bool IsIgnored(int signal)
    {
        try
        {
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal));
            return ulong.TryParse(line.AsSpan(line is null ? 0 : Field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong mask)
                && ((mask >> (signal - 1)) & 1) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
