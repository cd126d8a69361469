using System.Globalization;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>A command whose program, user and folder were found: all that is looked up happens before the thread that starts it changes.</summary>
internal sealed class SpawnPlan
{
    private const int MostGathered = 64 * 1024 * 1024;
    private const int LowestNice = -20;
    private const int HighestNice = 19;

    public SpawnPlan(ProcessCommand command, string context)
    {
        Check(command);
        (Command, Context) = (command, context);
        User = FindUser(command, context);
        Folder = Path.GetFullPath(command.Folder ?? Environment.CurrentDirectory);
        if (command.Folder is not null && !Directory.Exists(Folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{Folder}' on {context} to start '{command.Program}' in.");
        }

        Environ = ProcessEnvironment.Of(command, command.User is null ? null : User?.User);
        File = ProgramLookup.Find(command.Program, Folder, Environ.GetValueOrDefault("PATH", ProgramLookup.UsualPath), context);
        OutputFile = command.OutputFile is { } file ? Path.GetFullPath(file, Folder) : command.OutlivesLink ? "/dev/null" : null;
        if (OutputFile is not null && !Directory.Exists(Path.GetDirectoryName(OutputFile)))
        {
            throw new DirectoryNotFoundException($"There is no folder on {context} for the output file '{OutputFile}' of '{command.Program}'.");
        }
    }

    public ProcessCommand Command { get; }

    public string Context { get; }

    public string File { get; }

    public string Folder { get; }

    public string? OutputFile { get; }

    public SpawnUser? User { get; }

    public IReadOnlyList<string> Arguments => [Command.Program, .. Command.Arguments];

    /// <summary>The same by a shell that sets the umask first, for sandboxes that let no thread have one of its own.</summary>
    public IReadOnlyList<string> ArgumentsWithUmask =>
    [
        "sh", "-c", "umask \"$1\" && shift && exec \"$@\"", "sh", Convert.ToString((int)Command.Umask!.Value, 8), File, .. Command.Arguments,
    ];

    public List<string> Variables => [.. Environ.Select(variable => $"{variable.Key}={variable.Value}")];

    private Dictionary<string, string> Environ { get; }

    private static SpawnUser? FindUser(ProcessCommand command, string context)
    {
        if (command.User is null && command.Group is null)
        {
            return null;
        }

        FoundUser user = command.User is { } name
            ? UserLookup.FindUser(name) ?? throw new KeyNotFoundException($"There is no user '{name}' on {context}.")
            : UserLookup.FindUser(ProcessLibc.EffectiveUser()) ?? new FoundUser("", ProcessLibc.EffectiveUser(), 0, "/", "/bin/sh");
        uint group = command.Group is { } wanted
            ? UserLookup.FindGroup(wanted) ?? throw new KeyNotFoundException($"There is no group '{wanted}' on {context}.")
            : user.Group;
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UnauthorizedAccessException(
                $"'{command.Program}' was not started on {context}: only root may choose the user or group of a process. Start a context by sudo.");
        }

        if (!ProcessLibcUsers.IsSupported)
        {
            throw new PlatformNotSupportedException($"The user of a process cannot be chosen on the processor of {context}. Start a context by sudo.");
        }

        uint[] groups = command.User is null ? [group] : UserLookup.GroupsOf(user.Name, group);
        return new SpawnUser(user with { Group = group }, groups);
    }

    private static void Check(ProcessCommand command)
    {
        if (string.IsNullOrEmpty(command.Program))
        {
            throw new ArgumentException("The command has no program.");
        }

        ThrowIfOut(command.MaxOutput, 0, MostGathered, nameof(command.MaxOutput));
        ThrowIfOut(command.MaxLine, 2, MostGathered, nameof(command.MaxLine));
        ThrowIfOut(command.Nice ?? 0, LowestNice, HighestNice, nameof(command.Nice));
        ThrowIfOut(command.Terminal?.Columns ?? 1, 1, ushort.MaxValue, nameof(TerminalOptions.Columns));
        ThrowIfOut(command.Terminal?.Rows ?? 1, 1, ushort.MaxValue, nameof(TerminalOptions.Rows));
        TimeBound.Check(command.Timeout ?? TimeSpan.Zero, nameof(command.Timeout), mayBeZero: true);
        TimeBound.Check(command.Grace, nameof(command.Grace), mayBeZero: true);
        TimeBound.Check(command.OutputDrainTime, nameof(command.OutputDrainTime), mayBeZero: true);
        if (command.OutlivesLink && (command.Terminal is not null || !command.Input.IsEmpty || command.SecretInput is not null))
        {
            throw new ArgumentException($"'{command.Program}' is to outlive the link: it can have no terminal and no input.");
        }

        if (command.OutputFile is not null && command.Terminal is not null)
        {
            throw new ArgumentException($"'{command.Program}' is to have a terminal: its output cannot go to an output file as well.");
        }
    }

    private static void ThrowIfOut(int value, int least, int most, string property)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(property, value, string.Create(CultureInfo.InvariantCulture, $"{property} is from {least} to {most}."));
        }
    }
}

/// <summary>The user that a process is to run as, with all groups.</summary>
internal sealed record SpawnUser(FoundUser User, uint[] Groups);
