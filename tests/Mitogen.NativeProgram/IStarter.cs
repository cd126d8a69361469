using System.Diagnostics;
using System.Globalization;

namespace Mitogen.NativeProgram;

/// <summary>Starts processes and leaves them alone.</summary>
[Remote]
public interface IStarter
{
    /// <param name="script">What a shell runs.</param>
    /// <param name="leavesSession">Whether the script becomes the leader of a session of its own: then it has when this returns.</param>
    /// <returns>The shell's number, as its own context sees it.</returns>
    Task<int> StartAsync(string script, bool leavesSession = false);

    /// <summary>What a shell prints that runs a script to its end.</summary>
    Task<string> RunAsync(string script);
}

[RemoteService]
internal sealed class Starter : IStarter
{
    // Behind the name, which is in parentheses, /proc/pid/stat has the state, the parent, the process group and the session.
    private const int SessionField = 4;

    public async Task<int> StartAsync(string script, bool leavesSession)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", script]);
        while (leavesSession && SessionOf(shell.Id) != shell.Id)
        {
            await Task.Delay(10);
        }

        return shell.Id;
    }

    public async Task<string> RunAsync(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    private static int SessionOf(int id)
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ')[SessionField], CultureInfo.InvariantCulture);
    }
}
