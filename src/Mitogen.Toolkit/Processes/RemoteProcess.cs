using System.Runtime.CompilerServices;

namespace Mitogen.Toolkit;

/// <summary>A process that runs in another context.</summary>
/// <remarks>
/// Its members may be used by several threads at once, each stream by one reader or writer at a time. The output is held back while nobody reads
/// it: then the program waits in its writes. To dispose the process ends its group (SIGTERM, then SIGKILL after <see cref="ProcessCommand.Grace"/>)
/// if it has not ended yet, unless <see cref="ProcessCommand.OutlivesLink"/> is set. So does the loss of the link.
/// </remarks>
/// <param name="Id">Its number, as the machine of the context sees it.</param>
/// <param name="Input">Its standard input, or what is typed at its terminal. To dispose it is the end of the input; a terminal has none.</param>
/// <param name="Output">Its standard output, or all that it prints at its terminal. To read until the end takes what was printed before the exit.</param>
/// <param name="Error">Its standard error. Empty with a terminal, and where it goes to the output.</param>
/// <param name="Control">The rest of it, as a contract.</param>
public sealed record RemoteProcess(int Id, Stream Input, Stream Output, Stream Error, IProcessControl Control) : IAsyncDisposable
{
    /// <summary>
    /// The lines of output and error output in the order in which they come. Two lines that one read finds on both have no order. It takes the place of
    /// reading <see cref="Output"/> and <see cref="Error"/>, and can be enumerated once.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration. The process goes on.</param>
    /// <returns>The lines, until the end of both.</returns>
    public async IAsyncEnumerable<OutputLine> Lines([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (OutputLine[] lines in Control.ReadLinesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (OutputLine line in lines)
            {
                yield return line;
            }
        }
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="group">Whether the whole process group gets it (default), or the process alone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the process was still there.</returns>
    /// <exception cref="UnauthorizedAccessException">It became another user.</exception>
    public Task<bool> SignalAsync(ProcessSignal signal, bool group = true, CancellationToken cancellationToken = default) =>
        Control.SignalAsync(signal, group, cancellationToken);

    /// <summary>Gives its terminal another size. The kernel tells the program by SIGWINCH.</summary>
    /// <param name="columns">The new width, from 1 to 65,535.</param>
    /// <param name="rows">The new height, from 1 to 65,535.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the terminal has that size.</returns>
    /// <exception cref="InvalidOperationException">It has no terminal.</exception>
    public Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default) => Control.ResizeAsync(columns, rows, cancellationToken);

    /// <summary>Waits for the exit. Does not wait for the end of the output, which processes that it left behind may hold open.</summary>
    /// <param name="cancellationToken">Ends the wait. The process goes on.</param>
    /// <returns>How it ended; the same for each wait.</returns>
    public Task<ProcessExit> WaitAsync(CancellationToken cancellationToken = default) => Control.WaitAsync(cancellationToken);

    /// <summary>Ends the process, if it has not ended, and closes its streams.</summary>
    /// <returns>A task that completes when it is gone. It never fails.</returns>
    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in (IAsyncDisposable[])[Control, Input, Output, Error])
        {
            try
            {
                await part.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ContextLostException or ObjectDisposedException or OperationCanceledException)
            {
                // Input that the program did not take, or a context that is gone: both end here.
            }
        }
    }
}
