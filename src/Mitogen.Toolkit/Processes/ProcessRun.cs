namespace Mitogen.Toolkit.Processes;

/// <summary>A process that is run to its end, while its outputs are gathered.</summary>
internal sealed class ProcessRun(RunningProcess process, ProcessStreams streams, string context)
{
    private const int CopiedAtOnce = 32 * 1024;

    /// <summary>Waits for the end, and lets go of the process, however that comes.</summary>
    public async Task<ProcessResult> ToEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GatherAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await process.EndAsync(process.Command.Grace).ConfigureAwait(false);
            process.CloseStreams();
        }
    }

    private async Task<ProcessResult> GatherAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        GatheredOutput output = new(process.Command.MaxOutput, streams.Output);
        GatheredOutput error = new(process.Command.MaxOutput, streams.Error);
        Task input = WriteAllAsync(stopped.Token);
        Task[] reading = [output.ReadAsync(process.Output, stopped.Token), error.ReadAsync(process.Error, stopped.Token)];
        Task[] all = [input, .. reading];
        await using (stopped.Token.UnsafeRegister(static run => _ = ((RunningProcess)run!).EndAsync(((RunningProcess)run).Command.Grace), process)
            .ConfigureAwait(false))
        {
            // A stream of the caller that fails ends the process: else that would wait for it.
            foreach (Task task in all)
            {
                _ = task.ContinueWith(
                    static (_, source) => ((CancellationTokenSource)source!).Cancel(), stopped, CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            ProcessExit exit = await process.Exited.ConfigureAwait(false);
            await Task.WhenAll(reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            process.Input.Dispose(); // who does not read its input to the end is not waited for
            await stopped.CancelAsync().ConfigureAwait(false);
            await input.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Task failed in all.Where(task => task.IsFaulted))
            {
                await failed.ConfigureAwait(false);
            }

            return new ProcessResult(
                $"{process.Command}", context, exit, output.Kept, error.Kept, output.Rest, error.Rest, FinalLines.Of(error.Tail, output.Tail));
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        if (streams.Input is { } source)
        {
            byte[] buffer = new byte[CopiedAtOnce];
            while (await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                try
                {
                    await process.Input.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or ObjectDisposedException)
                {
                    return; // it has closed its input, or ended
                }
            }
        }

        if (process.Command.Terminal is null)
        {
            await process.Input.DisposeAsync().ConfigureAwait(false);
        }
    }
}
