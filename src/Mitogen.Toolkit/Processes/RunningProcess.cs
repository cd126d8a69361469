using System.Diagnostics;
using System.Runtime.InteropServices;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>A process that was started here. It leads its process group, and keeps the group's number from being given out again until it is reaped.</summary>
internal sealed partial class RunningProcess : IProcessControl
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    // After SIGKILL a process ends at once, unless the kernel holds it.
    private static readonly TimeSpan s_killTime = TimeSpan.FromSeconds(2);

    private readonly string _context;
    private readonly ProcessDescriptor? _terminal;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _reaped;     // under _gate: from then on the number may be another process's
    private bool _killed;     // under _gate
    private bool _timedOut;   // under _gate
    private Task? _ending;    // under _gate

    private RunningProcess(SpawnPlan plan, int id, SpawnEnds ends)
    {
        (Command, Id, _context) = (plan.Command, id, plan.Context);
        ProcessDescriptor? output;
        if (ends.Terminal is not null)
        {
            _terminal = output = new ProcessDescriptor(ends.Output!);
            Input = new ProcessInput(_terminal, isTerminal: true);
        }
        else
        {
            Input = new ProcessInput(ends.Input is null ? null : new ProcessDescriptor(ends.Input), isTerminal: false);
            output = ends.Output is null ? null : new ProcessDescriptor(ends.Output);
        }

        Output = new ProcessOutput(output, plan.Command.OutputDrainTime, isTerminal: _terminal is not null);
        Error = new ProcessOutput(
            ends.Error is null ? null : new ProcessDescriptor(ends.Error), plan.Command.OutputDrainTime);
    }

    public ProcessCommand Command { get; }

    public int Id { get; }

    public ProcessInput Input { get; }

    public ProcessOutput Output { get; }

    public ProcessOutput Error { get; }

    /// <summary>Completes when the process was reaped.</summary>
    public Task<ProcessExit> Exited => _exited.Task;

    public static async Task<RunningProcess> StartAsync(ProcessCommand command, string context)
    {
        SpawnPlan plan = new(command, context);
        SpawnEnds ends = SpawnEnds.Open(plan);
        RunningProcess process;
        using (ends)
        {
            try
            {
                process = new RunningProcess(plan, await ProcessSpawn.StartAsync(plan, ends).ConfigureAwait(false), ends);
            }
            catch
            {
                ends.CloseAll();
                throw;
            }
        }

        _ = process.WatchAsync();
        process.Input.Begin(command);
        if (command.Timeout is { } timeout)
        {
            _ = process.EndAfterAsync(timeout);
        }

        return process;
    }

    public Task<bool> SignalAsync(ProcessSignal signal, bool group, CancellationToken cancellationToken = default)
    {
        int number = SignalNumber.Of(signal);
        return Task.FromResult(Signal(number, group));
    }

    public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, ushort.MaxValue);
        if (_terminal is not { } terminal)
        {
            throw new InvalidOperationException($"'{Command.Program}' on {_context} has no terminal: start it with {nameof(ProcessCommand.Terminal)}.");
        }

        if (!Exited.IsCompleted)
        {
            terminal.Resize(columns, rows);
        }

        return Task.CompletedTask;
    }

    public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken = default) => Exited.WaitAsync(cancellationToken);

    public IAsyncEnumerable<OutputLine[]> ReadLinesAsync(CancellationToken cancellationToken = default) =>
        LineReader.ReadAsync(Output, Error, Command.MaxLine, cancellationToken);

    /// <summary>The caller lets go, or is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Command.OutlivesLink)
        {
            await EndAsync(Command.Grace).ConfigureAwait(false);
        }

        CloseStreams();
    }

    /// <summary>Ends the process and its group: SIGTERM, and SIGKILL after the grace. What was begun first counts.</summary>
    public Task EndAsync(TimeSpan grace)
    {
        lock (_gate)
        {
            return _ending ??= _reaped ? Task.CompletedTask : EndNowAsync(grace);
        }
    }

    /// <summary>Ends it without grace, whatever was begun before.</summary>
    public void Kill() => Signal(9, group: true, kills: true);

    /// <summary>Nobody reads or writes any more.</summary>
    public void CloseStreams()
    {
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
        _terminal?.Dispose();
    }

    private async Task EndNowAsync(TimeSpan grace)
    {
        await Task.Yield(); // the gate is held by whoever began
        _ = Signal((int)ProcessSignal.Terminate, group: true);
        _ = Signal((int)ProcessSignal.Continue, group: true); // a stopped one hears of it only then
        await ((Task)Exited).WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Exited.IsCompleted)
        {
            Kill();
            await ((Task)Exited).WaitAsync(s_killTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EndAfterAsync(TimeSpan timeout)
    {
        await ((Task)Exited).WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_reaped || _ending is not null)
            {
                return;
            }

            _timedOut = true;
        }

        await EndAsync(Command.Grace).ConfigureAwait(false);
    }

    private bool Signal(int signal, bool group, bool kills = false)
    {
        lock (_gate)
        {
            _killed |= kills;
            if (_reaped)
            {
                return false;
            }

            bool runs = !HasExited();
            if (ProcessLibc.SendSignal(group ? -Id : Id, signal) != 0 && Marshal.GetLastPInvokeError() == ProcessLibc.NotPermitted)
            {
                return kills || signal is (int)ProcessSignal.Continue or (int)ProcessSignal.Terminate && _ending is not null
                    ? runs // it became another user: closed streams are all it gets
                    : throw new UnauthorizedAccessException($"'{Command.Program}' ({Id}) on {_context} takes no signal from here: it became another user.");
            }

            return runs;
        }
    }
}
