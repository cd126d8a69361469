using Mitogen.Interop;
using Mitogen.Multiplexing;

namespace Mitogen.Processes;

/// <summary>
/// A process that we started, in a session of its own. When it exits, what is left of its process group is killed;
/// a process that left the group is not ours to find.
/// </summary>
internal sealed partial class ChildProcess : ICarrier
{
    /// <summary>After SIGKILL a process ends at once, unless the kernel holds it or it runs as another user.</summary>
    private static readonly TimeSpan s_killTime = TimeSpan.FromSeconds(2);

    private readonly ChildProcessOptions _options;
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stderrDrained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LastLines _lastStderrLines = new();
    private readonly PseudoTerminal? _terminal;
    private readonly Lock _gate = new();
    private bool _reaped;       // under _gate: from then on the number may be another process's
    private Task? _ending;      // under _gate

    private ChildProcess(ChildProcessOptions options, int pid, ILinkTransport transport, ErrorEnds error)
    {
        _options = options;
        Pid = pid;
        Transport = transport;
        _terminal = error.Terminal;
        _prompts = options.Prompt is { } onPrompt ? new PromptWatch(onPrompt, error.Terminal) : null;
        _stderr = new LinePump(error.Ours, KeepLine);
        _pidDescriptor = options.PollForExit ? null : TryOpenPid(pid);
    }

    public int Pid { get; }

    /// <summary>Our end of the child's standard input and output; <see cref="EndAsync"/> disposes it too.</summary>
    public ILinkTransport Transport { get; }

    /// <summary>Completes when the process has ended and was reaped.</summary>
    public Task<ChildExit> Exited => _exited.Task;

    /// <summary>Set before <see cref="Exited"/> completes.</summary>
    public bool EndedBeforeLink { get; private set; }

    /// <summary>Completes when no more lines of standard error come.</summary>
    public Task StderrDrained => _stderrDrained.Task;

    public IReadOnlyList<string> LastStderrLines => _lastStderrLines.Kept;

    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such working directory.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be executed.</exception>
    /// <exception cref="IOException">It could not be started for another reason.</exception>
    public static ChildProcess Start(ChildProcessOptions options)
    {
        ErrorEnds error = ErrorEnds.Open(options.Terminal);
        using (error.Child)
        {
            ChildEnds ends = ChildEnds.Open(options.Streams);
            using (ends.ChildInput)
            using (ends.ChildOutput)
            {
                int pid;
                try
                {
                    pid = Spawn.Start(options, ends.ChildInput, ends.ChildOutput, error);
                }
                catch
                {
                    ends.Transport.Dispose();
                    error.Ours.Dispose();
                    throw;
                }

                var child = new ChildProcess(options, pid, ends.Transport, error);
                child.Watch();
                return child;
            }
        }
    }

    /// <summary>
    /// Types a secret at the child's terminal, and the Enter key. Nothing of it comes back as output; that is why it is only done
    /// while the echo is off. Thread-safe, and quick enough for <see cref="ChildProcessOptions.Prompt"/>.
    /// </summary>
    /// <returns>Whether it was typed: false while the echo is on, when nobody asks for a secret, or when the terminal is gone.</returns>
    /// <exception cref="InvalidOperationException">The child has no terminal.</exception>
    /// <exception cref="ArgumentException">It has characters that a terminal acts on, or is too long for one line.</exception>
    public bool TryType(Secret secret) =>
        (_terminal ?? throw new InvalidOperationException("The process was started without a terminal.")).TryType(secret);

    /// <summary>
    /// Ends the process: closes its input, waits <paramref name="grace"/> for it to go, then asks its process group, then kills it.
    /// Afterwards it is reaped and our descriptors are closed. Only the first call's grace counts; the others wait for the same end.
    /// </summary>
    public ValueTask EndAsync(TimeSpan grace)
    {
        lock (_gate)
        {
            return new ValueTask(_ending ??= Task.Run(() => EndCoreAsync(grace)));
        }
    }

    private async Task EndCoreAsync(TimeSpan grace)
    {
        Transport.CloseWriting();
        if (!await EndsWithinAsync(grace).ConfigureAwait(false))
        {
            SignalGroup(Libc.Terminate);
            if (!await EndsWithinAsync(_options.TerminateTime).ConfigureAwait(false))
            {
                SignalGroup(Libc.Kill);
                await EndsWithinAsync(s_killTime).ConfigureAwait(false);
            }
        }

        Transport.Dispose();
        if (Exited.IsCompleted)
        {
            await StderrDrained.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        await ((Task)Exited).WaitAsync(time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Exited.IsCompleted;
    }

    private void SignalGroup(int signal)
    {
        lock (_gate)
        {
            if (!_reaped && IsOurs(out _))
            {
                _ = Libc.SendSignal(-Pid, signal); // fails when the child became another user: closed streams are all we have then
            }
        }
    }

    private void KeepLine(string line)
    {
        _lastStderrLines.Add(line);
        _options.StderrLine?.Invoke(line);
    }
}
