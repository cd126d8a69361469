namespace Mitogen.Toolkit;

/// <summary>The part of a <see cref="RemoteProcess"/> that is in the context of the process. A test's fake implements it as well.</summary>
[Remote]
public interface IProcessControl : IAsyncDisposable
{
    /// <summary>As <see cref="RemoteProcess.SignalAsync"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="group">Whether the whole process group gets it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the process was still there.</returns>
    Task<bool> SignalAsync(ProcessSignal signal, bool group, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="RemoteProcess.ResizeAsync"/>.</summary>
    /// <param name="columns">The new width.</param>
    /// <param name="rows">The new height.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the terminal has that size.</returns>
    Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="RemoteProcess.WaitAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it ended.</returns>
    Task<ProcessExit> WaitAsync(CancellationToken cancellationToken = default);

    /// <summary>As <see cref="RemoteProcess.Lines"/>, as many at a time as came together.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The lines.</returns>
    IAsyncEnumerable<OutputLine[]> ReadLinesAsync(CancellationToken cancellationToken = default);
}
