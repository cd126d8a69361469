using System.Diagnostics;
using Mitogen.Toolkit.Interop;

namespace Mitogen.Toolkit.Processes;

/// <summary>
/// Standard output or standard error of a process. It ends when all ends of the pipe are closed, or, after the exit of the process, when everything was read
/// that lay there at the exit and the drain time is over: a process that was left behind and holds the pipe open holds up nobody.
/// </summary>
internal sealed class ProcessOutput : UnseekableStream
{
    // The kernel tells of a terminal how much its line discipline holds (4 KiB), and not how much waits behind that (8 KiB and a little more).
    private const int MostInTerminal = 64 * 1024;

    private readonly ProcessDescriptor? _source;
    private readonly TimeSpan _drainTime;
    private readonly bool _isTerminal;
    private readonly CancellationTokenSource _exited = new();
    private long _exitTime;
    private long _leftAtExit;
    private bool _hasEnded;
    private int _use; // 0, or by whom it is read

    /// <param name="source">Where the bytes come from; <see langword="null"/>: nowhere.</param>
    /// <param name="drainTime">The time after the exit.</param>
    /// <param name="isTerminal">Whether the source is a terminal's, which is the input as well, and so is not closed here.</param>
    public ProcessOutput(ProcessDescriptor? source, TimeSpan drainTime, bool isTerminal = false) =>
        (_source, _drainTime, _isTerminal) = (source, drainTime, isTerminal);

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <summary>The process has exited: called once.</summary>
    public void OnExited()
    {
        _leftAtExit = _isTerminal ? MostInTerminal : _source?.Waiting ?? 0;
        Volatile.Write(ref _exitTime, Stopwatch.GetTimestamp());
        _exited.Cancel();
    }

    /// <summary>Says that lines are read of it, and not bytes, or the other way around.</summary>
    public void Claim(bool forLines)
    {
        int use = forLines ? 1 : 2;
        if (Interlocked.CompareExchange(ref _use, use, 0) is var before and not 0 && (before != use || forLines))
        {
            throw new InvalidOperationException(
                "The output of a process is read once: either as lines (Lines) or as bytes (Output and Error).");
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Claim(forLines: false);
        return ReadNextAsync(buffer, cancellationToken);
    }

    public async ValueTask<int> ReadNextAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_hasEnded && _source is not null)
        {
            bool exited = _exited.IsCancellationRequested;
            TimeSpan left = exited ? _drainTime - Stopwatch.GetElapsedTime(Volatile.Read(ref _exitTime)) : TimeSpan.Zero;
            if (exited && left <= TimeSpan.Zero && _leftAtExit <= 0)
            {
                break;
            }

            int count = _source.TryRead(buffer.Span);
            if (count == 0)
            {
                break;
            }

            if (count > 0)
            {
                _leftAtExit -= exited ? count : 0;
                return count;
            }

            if (exited && left <= TimeSpan.Zero)
            {
                break;
            }

            await WaitAsync(exited ? left : null, cancellationToken).ConfigureAwait(false);
        }

        if (!_hasEnded)
        {
            _hasEnded = true;
            Close(_source);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close(_source);
        }

        base.Dispose(disposing);
    }

    private void Close(ProcessDescriptor? source)
    {
        if (!_isTerminal)
        {
            source?.Dispose();
        }
    }

    /// <summary>Until there is something to read, the process exits, or the time is over.</summary>
    private async Task WaitAsync(TimeSpan? time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource any = time is null
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _exited.Token)
            : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (time is { } left)
        {
            any.CancelAfter(left);
        }

        try
        {
            await _source!.ReadableAsync(any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The exit, or the end of the time: the loop looks again.
        }
    }
}
