using System.Collections;
using System.Runtime.InteropServices;
using Mitogen.Interop;

namespace Mitogen.Processes;

/// <summary>
/// Starts a program with posix_spawn, so without a fork of a threaded process: in a session and process group of its own, with
/// default signal handling and nothing blocked, and with descriptors 0, 1 and 2 only.
/// </summary>
internal static unsafe class Spawn
{
    public static int Start(ChildProcessOptions options, Descriptor input, Descriptor output, ErrorEnds error)
    {
        if (options.Arguments.Count == 0)
        {
            throw new ArgumentException("The arguments lack the program's own name.", nameof(options));
        }

        string file = ExecutableLookup.Find(options.FileName);
        if (options.WorkingDirectory is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}' to start '{options.FileName}' in.");
        }

        using var path = new NativeStrings([file]);
        using var terminal = new NativeStrings([error.Terminal?.Path ?? ""]);
        using var directory = new NativeStrings([options.WorkingDirectory ?? ""]);
        using var arguments = new NativeStrings(options.Arguments);
        using var environment = new NativeStrings(BuildEnvironment(options.Environment));
        using Descriptor.Lease inputFd = input.Use();
        using Descriptor.Lease outputFd = output.Use();

        byte* attributes = stackalloc byte[Libc.SpawnObjectSize];
        byte* actions = stackalloc byte[Libc.SpawnObjectSize];
        Check(Libc.SpawnAttributesCreate(attributes));
        Check(Libc.SpawnActionsCreate(actions));
        try
        {
            SetSignals(attributes);
            Check(Libc.SpawnAddDuplicate(actions, inputFd.Fd, 0));
            Check(Libc.SpawnAddDuplicate(actions, outputFd.Fd, 1));
            AddError(actions, error, terminal.First);
            CloseInherited(actions);
            if (options.WorkingDirectory is not null)
            {
                Check(Libc.SpawnAddChangeDirectory(actions, directory.First));
            }

            int pid;
            int result = Libc.Spawn(&pid, path.First, actions, attributes, arguments.Pointers, environment.Pointers);
            return result == 0 ? pid : throw StartError(file, result);
        }
        finally
        {
            _ = Libc.SpawnActionsDestroy(actions);
            _ = Libc.SpawnAttributesDestroy(attributes);
        }
    }

    /// <summary>The leader of a new session that opens a terminal gets it as its controlling one, which a duplicate is not.</summary>
    private static void AddError(byte* actions, ErrorEnds error, byte* terminal)
    {
        if (error.Child is null)
        {
            Check(Libc.SpawnAddOpen(actions, 2, terminal, Libc.ReadWrite, 0));
            return;
        }

        using Descriptor.Lease fd = error.Child.Use();
        Check(Libc.SpawnAddDuplicate(actions, fd.Fd, 2));
    }

    private static void SetSignals(byte* attributes)
    {
        byte* signals = stackalloc byte[Libc.SignalSetSize];
        var set = new Span<byte>(signals, Libc.SignalSetSize);
        set.Clear();
        Check(Libc.SpawnSetSignalMask(attributes, signals));
        set.Fill(0xff); // .NET ignores SIGPIPE, and our own parent may have ignored more
        Check(Libc.SpawnSetSignalDefaults(attributes, signals));
        Check(Libc.SpawnSetFlags(attributes, Libc.SpawnNewSession | Libc.SpawnSignalMask | Libc.SpawnSignalDefaults));
    }

    /// <summary>All descriptors of .NET and ours close by themselves; those that this process was itself started with may not.</summary>
    private static void CloseInherited(byte* actions)
    {
        foreach (int fd in Descriptor.OpenNumbers())
        {
            if (fd > 2 && (Libc.Control(fd, Libc.GetDescriptorFlags, 0) & Libc.DescriptorCloseOnExec) == 0)
            {
                _ = Libc.SpawnAddClose(actions, fd); // fails only for numbers above the limit of open files
            }
        }
    }

    private static List<string> BuildEnvironment(IReadOnlyDictionary<string, string?> changes)
    {
        var variables = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (!changes.ContainsKey((string)variable.Key))
            {
                variables.Add($"{variable.Key}={variable.Value}");
            }
        }

        foreach ((string name, string? value) in changes)
        {
            if (value is not null)
            {
                variables.Add($"{name}={value}");
            }
        }

        return variables;
    }

    private static Exception StartError(string file, int error)
    {
        string message = $"'{file}' did not start: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            Libc.NoSuchFile => new FileNotFoundException(message + " (its interpreter or loader is missing)", file),
            Libc.PermissionDenied => new UnauthorizedAccessException(message),
            Libc.WouldBlock => new IOException($"{message}. See the limit of the user (ulimit -u), and of the container or service (pids).", error),
            _ => new IOException(message, error),
        };
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw Libc.Error("posix_spawn", result);
        }
    }
}
