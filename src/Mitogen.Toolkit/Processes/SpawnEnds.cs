using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>The descriptors of a process to be started: its own ends, which are closed here once it has them, and ours.</summary>
internal sealed class SpawnEnds : IDisposable
{
    private readonly List<ProcessHandle> _ours = [];
    private readonly List<ProcessHandle> _theirs = [];

    private SpawnEnds()
    {
    }

    /// <summary>The process's ends of 0, 1 and 2; where there is none, the process opens a file or its terminal itself.</summary>
    public ProcessHandle? TheirInput { get; private set; }

    public ProcessHandle? TheirOutput { get; private set; }

    public ProcessHandle? TheirError { get; private set; }

    /// <summary>The path of the terminal that the process opens, as the leader of its session: so it is its controlling one.</summary>
    public string? Terminal { get; private set; }

    public ProcessHandle? Input { get; private set; }

    public ProcessHandle? Output { get; private set; }

    public ProcessHandle? Error { get; private set; }

    public static SpawnEnds Open(SpawnPlan plan)
    {
        SpawnEnds ends = new();
        try
        {
            if (plan.Command.Terminal is { } terminal)
            {
                ends.OpenTerminal(terminal, plan.User);
                return ends;
            }

            if (!plan.Command.OutlivesLink)
            {
                (ends.TheirInput, ends.Input) = ends.Pipe(theyRead: true);
            }

            if (plan.OutputFile is null)
            {
                (ends.TheirOutput, ends.Output) = ends.Pipe(theyRead: false);
                if (!plan.Command.ErrorToOutput)
                {
                    (ends.TheirError, ends.Error) = ends.Pipe(theyRead: false);
                }
            }

            return ends;
        }
        catch
        {
            ends.CloseAll();
            throw;
        }
    }

    /// <summary>Closes the process's ends.</summary>
    public void Dispose() => _theirs.ForEach(end => end.Dispose());

    /// <summary>Nothing was started.</summary>
    public void CloseAll()
    {
        Dispose();
        _ours.ForEach(end => end.Dispose());
    }

    private (ProcessHandle Theirs, ProcessHandle Ours) Pipe(bool theyRead)
    {
        (ProcessHandle reading, ProcessHandle writing) = ProcessHandle.Pipe();
        (ProcessHandle theirs, ProcessHandle ours) = theyRead ? (reading, writing) : (writing, reading);
        _theirs.Add(theirs);
        _ours.Add(ours);
        return (theirs, ours);
    }

    private unsafe void OpenTerminal(TerminalOptions options, SpawnUser? user)
    {
        ProcessHandle master = ProcessHandle.Own(
            ProcessLibc.OpenTerminal(ProcessLibc.ReadWrite | ProcessLibc.NoControllingTerminal | ProcessLibc.CloseOnExec), "A terminal");
        _ours.Add(master);
        byte* path = stackalloc byte[64];
        NativeWindowSize size = new() { Columns = (ushort)options.Columns, Rows = (ushort)options.Rows };
        if (ProcessLibc.UnlockTerminal(master.Number) != 0
            || ProcessLibc.TerminalName(master.Number, path, 64) != 0
            || ProcessLibc.Control(master.Number, ProcessLibc.SetWindowSize, &size) != 0)
        {
            throw ProcessLibc.Error("A terminal");
        }

        Terminal = Marshal.PtrToStringUTF8((nint)path)!;
        if (user is not null && ProcessLibc.ChangeOwner(Terminal, user.User.Id, uint.MaxValue) != 0)
        {
            throw ProcessLibc.Error($"The owner of the terminal '{Terminal}'");
        }

        // By default whoever may write to terminals (write, wall) may print on this one.
#pragma warning disable CA1416 // contexts run on Linux
        File.SetUnixFileMode(Terminal, UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416
        (Input, Output) = (master, master);
    }
}
