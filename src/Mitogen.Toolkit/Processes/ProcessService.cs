using System.Collections.Concurrent;

namespace Mitogen.Toolkit.Processes;

/// <summary>Runs the processes of a context, and ends them with it.</summary>
[RemoteService]
internal sealed class ProcessService(IRemoteContext self) : IProcesses, IAsyncDisposable
{
    // Less than a context has for its end by default, so that SIGKILL comes from here.
    private static readonly TimeSpan s_lastGrace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RunningProcess, byte> _running = new();

    public async Task<ProcessResult> RunAsync(ProcessCommand command, ProcessStreams? streams = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (command.OutlivesLink)
        {
            throw new ArgumentException(
                $"'{command.Program}' is to outlive the link, so nobody could wait for its result: start it by {nameof(IProcesses.StartAsync)}.");
        }

        RunningProcess process = await StartTrackedAsync(command).ConfigureAwait(false);
        return await new ProcessRun(process, streams ?? new ProcessStreams(), $"{self}").ToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<RemoteProcess> StartAsync(ProcessCommand command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RunningProcess process = await StartTrackedAsync(command).ConfigureAwait(false);
        return new RemoteProcess(process.Id, process.Input, process.Output, process.Error, process);
    }

    /// <summary>The context ends: so do its processes, all at once.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_running.Keys
        .Where(process => !process.Command.OutlivesLink)
        .Select(process => EndAsync(process))).ConfigureAwait(false);

    private static async Task EndAsync(RunningProcess process)
    {
        Task end = process.EndAsync(s_lastGrace);
        await end.WaitAsync(s_lastGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // an end with more grace may be under way
        process.Kill();
        await end.ConfigureAwait(false);
    }

    private async Task<RunningProcess> StartTrackedAsync(ProcessCommand command)
    {
        RunningProcess process = await RunningProcess.StartAsync(command, $"{self}").ConfigureAwait(false);
        _running[process] = 0;
        _ = process.Exited.ContinueWith(
            (_, state) => ((ProcessService)state!)._running.TryRemove(process, out byte _), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return process;
    }
}
