using System.Globalization;
using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>
/// Starts a program with posix_spawn: in a process group of its own, with default signals and nothing blocked, and with descriptors 0, 1 and 2 only.
/// </summary>
/// <remarks>
/// A user, a umask and a nice value have no attribute in posix_spawn, and no threaded process may fork. But on Linux they are a thread's, and a child has
/// those of the thread that starts it. So a thread of its own takes them on, starts the program and ends. No helper program is needed over there.
/// </remarks>
internal static class ProcessSpawn
{
    private const int StackSize = 256 * 1024;
    private const nuint Dumpable = 1;
    private const int MostLooks = 1000;

    // While a thread of this process has another user's rights, the kernel keeps that user from looking into the process (it is not "dumpable").
    private static readonly Lock s_gate = new();
    private static int s_changed;          // under s_gate
    private static bool s_wasDumpable;     // under s_gate

    /// <summary>In a session with a terminal, a group in the background would be stopped when it asks there for a password.</summary>
    private static readonly Lazy<bool> s_hasTerminal = new(static () => ProcessStatusFile.Read(Environment.ProcessId) is { Terminal: not 0 });

    /// <returns>The number of the process, which leads its group.</returns>
    public static async Task<int> StartAsync(SpawnPlan plan, SpawnEnds ends)
    {
        if (plan.User is null && plan.Command.Umask is null && plan.Command.Nice is null)
        {
            return Start(plan, ends, plan.File, plan.Arguments);
        }

        if (plan.User is null)
        {
            return await OnThreadAsync(plan, ends, static _ => { }).ConfigureAwait(false);
        }

        string? thread = null;
        Hide();
        try
        {
            return await OnThreadAsync(plan, ends, path => thread = path).ConfigureAwait(false);
        }
        finally
        {
            // Until the thread is gone from the kernel's list, its user could attach to it.
            int looks = 0;
            while (Directory.Exists(thread) && looks++ < MostLooks)
            {
                await Task.Delay(1).ConfigureAwait(false);
            }

            Show(safe: looks < MostLooks);
        }
    }

    /// <param name="plan">The program.</param>
    /// <param name="ends">Its descriptors.</param>
    /// <param name="begun">Is given the folder that the thread has in <c>/proc</c> while it lives.</param>
    private static Task<int> OnThreadAsync(SpawnPlan plan, SpawnEnds ends, Action<string> begun)
    {
        TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
            () =>
            {
#pragma warning disable CA1031 // whatever it is, it is the start's outcome
                try
                {
                    begun($"/proc/{new FileInfo("/proc/thread-self").LinkTarget}");
                    started.SetResult(StartAs(plan, ends));
                }
                catch (Exception e)
                {
                    started.SetException(e);
                }
#pragma warning restore CA1031
            },
            StackSize)
        {
            IsBackground = true,
            Name = "toolkit-spawn",
        }.UnsafeStart();
        return started.Task;
    }

    /// <summary>On a thread that nothing else runs on.</summary>
    private static int StartAs(SpawnPlan plan, SpawnEnds ends)
    {
        (string file, IReadOnlyList<string> arguments) = (plan.File, plan.Arguments);
        if (plan.Command.Umask is { } umask)
        {
            if (ProcessLibc.Unshare(ProcessLibc.ShareNoFolder) == 0)
            {
                _ = ProcessLibc.SetUmask((uint)umask);
            }
            else
            {
                (file, arguments) = ("/bin/sh", plan.ArgumentsWithUmask);
            }
        }

        if (plan.Command.Nice is { } nice && ProcessLibc.SetPriority(ProcessLibc.ThisThread, 0, nice) != 0)
        {
            throw new UnauthorizedAccessException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{plan.File}' was not started on {plan.Context}: its nice value may not be {nice} ({ProcessLibc.Text(Marshal.GetLastPInvokeError())})."));
        }

        if (plan.User is not { } user)
        {
            return Start(plan, ends, file, arguments);
        }

        int error = ProcessLibcUsers.Become(user.User.Id, user.User.Group, user.Groups);
        return error == 0
            ? Start(plan, ends, file, arguments)
            : throw new UnauthorizedAccessException(
                $"'{plan.File}' was not started on {plan.Context}: it may not run as '{user.User.Name}' ({ProcessLibc.Text(error)}).");
    }

    private static void Hide()
    {
        lock (s_gate)
        {
            if (s_changed++ == 0)
            {
                s_wasDumpable = ProcessLibc.ProcessControl(ProcessLibc.GetDumpable, 0, 0, 0, 0) == (int)Dumpable;
                _ = ProcessLibc.ProcessControl(ProcessLibc.SetDumpable, 0, 0, 0, 0);
            }
        }
    }

    private static void Show(bool safe)
    {
        lock (s_gate)
        {
            s_wasDumpable &= safe;
            if (--s_changed == 0 && s_wasDumpable)
            {
                _ = ProcessLibc.ProcessControl(ProcessLibc.SetDumpable, Dumpable, 0, 0, 0);
            }
        }
    }

    private static unsafe int Start(SpawnPlan plan, SpawnEnds ends, string file, IReadOnlyList<string> arguments)
    {
        using ProcessTexts path = new([file], "A path");
        using ProcessTexts argv = new(arguments, "An argument");
        using ProcessTexts environment = new(plan.Variables, "A variable");
        using ProcessTexts files = new([plan.Folder, ends.Terminal ?? "/dev/null", plan.OutputFile ?? "/dev/null"], "A path");
        byte* attributes = stackalloc byte[ProcessLibc.SpawnObjectSize];
        byte* actions = stackalloc byte[ProcessLibc.SpawnObjectSize];
        Check(ProcessLibc.SpawnAttributesCreate(attributes));
        Check(ProcessLibc.SpawnActionsCreate(actions));
        try
        {
            SetAttributes(attributes, newSession: ends.Terminal is not null || plan.Command.OutlivesLink || s_hasTerminal.Value);
            AddStreams(actions, plan, ends, files);
            CloseInherited(actions);
            if (plan.Command.Folder is not null)
            {
                Check(ProcessLibc.SpawnAddChangeDirectory(actions, files.Pointers[0]));
            }

            int pid;
            int error = ProcessLibc.Spawn(&pid, path.First, actions, attributes, argv.Pointers, environment.Pointers);
            return error == 0 ? pid : throw StartError(plan, error);
        }
        finally
        {
            _ = ProcessLibc.SpawnActionsDestroy(actions);
            _ = ProcessLibc.SpawnAttributesDestroy(attributes);
        }
    }

    private static unsafe void SetAttributes(byte* attributes, bool newSession)
    {
        byte* signals = stackalloc byte[ProcessLibc.SignalSetSize];
        Span<byte> set = new(signals, ProcessLibc.SignalSetSize);
        set.Clear();
        Check(ProcessLibc.SpawnSetSignalMask(attributes, signals));
        set.Fill(0xff); // .NET ignores SIGPIPE, and our own parent may have ignored more
        Check(ProcessLibc.SpawnSetSignalDefaults(attributes, signals));
        Check(ProcessLibc.SpawnSetGroup(attributes, 0));
        Check(ProcessLibc.SpawnSetFlags(attributes, (short)(ProcessLibc.SpawnSignalMask | ProcessLibc.SpawnSignalDefaults
            | (newSession ? ProcessLibc.SpawnNewSession : ProcessLibc.SpawnProcessGroup))));
    }

    private static unsafe void AddStreams(byte* actions, SpawnPlan plan, SpawnEnds ends, ProcessTexts files)
    {
        if (ends.Terminal is not null)
        {
            Check(ProcessLibc.SpawnAddOpen(actions, 0, files.Pointers[1], ProcessLibc.ReadWrite, 0));
            Check(ProcessLibc.SpawnAddDuplicate(actions, 0, 1));
            Check(ProcessLibc.SpawnAddDuplicate(actions, 0, 2));
            return;
        }

        Check(ends.TheirInput is { } input
            ? ProcessLibc.SpawnAddDuplicate(actions, input.Number, 0)
            : ProcessLibc.SpawnAddOpen(actions, 0, files.Pointers[1], ProcessLibc.ReadWrite, 0));
        const uint OwnerOnly = 0x180; // 0600
        Check(ends.TheirOutput is { } output
            ? ProcessLibc.SpawnAddDuplicate(actions, output.Number, 1)
            : ProcessLibc.SpawnAddOpen(actions, 1, files.Pointers[2], ProcessLibc.WriteOnly | ProcessLibc.Create | ProcessLibc.Append, OwnerOnly));
        Check(ProcessLibc.SpawnAddDuplicate(actions, ends.TheirError?.Number ?? 1, 2));
    }

    /// <summary>All descriptors of .NET and ours close by themselves; those that this process was itself started with may not.</summary>
    private static unsafe void CloseInherited(byte* actions)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), CultureInfo.InvariantCulture, out int fd) && fd > 2
                && ProcessLibc.Control(fd, ProcessLibc.GetDescriptorFlags, 0) is >= 0 and var flags
                && (flags & ProcessLibc.DescriptorCloseOnExec) == 0)
            {
                _ = ProcessLibc.SpawnAddClose(actions, fd); // fails only for numbers above the limit of open files
            }
        }
    }

    private static Exception StartError(SpawnPlan plan, int error)
    {
        string message = $"'{plan.File}' did not start on {plan.Context}: {ProcessLibc.Text(error)}";
        return error switch
        {
            ProcessLibc.NoSuchFile => new FileNotFoundException($"{message} (the interpreter of its first line, or its loader, is missing)", plan.File),
            ProcessLibc.AccessDenied or ProcessLibc.NotPermitted => new UnauthorizedAccessException(
                $"{message} ({(plan.User is { } user ? $"'{user.User.Name}'" : "the user")} may not execute it, enter '{plan.Folder}'" +
                $"{(plan.OutputFile is { } file ? $" or write '{file}'" : "")})"),
            ProcessLibc.BadExecutable => new IOException($"{message} (a script needs a first line with its interpreter, as #!/bin/sh)", error),
            ProcessLibc.TooLong => new IOException($"{message} (arguments and environment are too long together; pass more by standard input)", error),
            ProcessLibc.TryAgain => new IOException($"{message}. See the limit of the user (ulimit -u), and of the container or service (pids).", error),
            _ => new IOException(message, error),
        };
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new IOException($"posix_spawn: {ProcessLibc.Text(result)}", result);
        }
    }
}
