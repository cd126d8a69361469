using System.Diagnostics;

namespace Benchmarks.Measuring;

/// <summary>Starts this program again in another part.</summary>
internal static class ChildPrograms
{
    /// <summary>Starts this program with its standard input and output as pipes to us.</summary>
    public static Process StartSelf(params string[] arguments)
    {
        ProcessStartInfo start = new(Self) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{Self} did not start.");
    }

    public static string Self => Environment.ProcessPath ?? throw new InvalidOperationException("This program's file is not known.");

    /// <summary>Ends a process that has been measured. Some do not end with their input: an asynchronous pipe stream does not see its end.</summary>
    public static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
