using System.Globalization;
using Mitogen.Interop;
using Mitogen.Processes;

namespace Mitogen.Hosting;

/// <summary>
/// The things that a context's process has from the stages that became it, and that the processes it starts shall not have.
/// </summary>
internal static class StageTraces
{
    // As in managed.sh: who deletes the directory when this process ends too soon, and the descriptor that keeps it waiting.
    private const string CleanerVariable = "mitogen_cleaner";
    private const int CleanerDescriptor = 8;

    private const int LastStandard = 2;
    private const string Executable = "/proc/self/exe";

    /// <summary>Removes them. The directory that the process was started from, if it was, must be gone.</summary>
    public static void Remove()
    {
        EndCleaner();
        LeaveDeletedDirectory();
        string? executable = new FileInfo(Executable).LinkTarget;
        foreach (int fd in Descriptor.OpenNumbers())
        {
            if (fd <= LastStandard || Libc.Control(fd, Libc.GetDescriptorFlags, 0) is not 0)
            {
                continue;
            }

            // The program may have opened others before it got here: those stay open, and stay in this process.
            if (executable is not null && Descriptor.Target(fd) == executable)
            {
                _ = Libc.Close(fd);
            }
            else
            {
                _ = Libc.Control(fd, Libc.SetDescriptorFlags, Libc.DescriptorCloseOnExec); // fails only if closed meanwhile
            }
        }
    }

    // A process that is started in one fails. The first stage sees to that on its way; a local context has the directory of its parent.
    private static void LeaveDeletedDirectory()
    {
        try
        {
            _ = Directory.GetCurrentDirectory();
        }
        catch (IOException)
        {
            Directory.SetCurrentDirectory("/"); // getcwd(2) finds none
        }
    }

    private static unsafe void EndCleaner()
    {
        if (Environment.GetEnvironmentVariable(CleanerVariable) is not { } text)
        {
            return;
        }

        Environment.SetEnvironmentVariable(CleanerVariable, null);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int cleaner) && cleaner > 1
            && Libc.WaitPid(cleaner, null, Libc.NoHang) == 0) // it is a child of this process, and runs
        {
            _ = Libc.Close(CleanerDescriptor);
            _ = Libc.SendSignal(cleaner, Libc.Kill);
            _ = Libc.WaitPid(cleaner, null, 0);
        }
    }
}
