using Mitogen.Connections;
using Mitogen.Multiplexing;
using Mitogen.Processes;

namespace Mitogen.Starting;

/// <summary>
/// A <see cref="Carrier"/> as the runtime uses it. Its code is not the runtime's: it may throw anything, give numbers that are none, or never
/// return. Whatever it does, it ends the link to its own context at most, and no thread of the runtime waits for it for long.
/// </summary>
internal sealed class CheckedCarrier : ICarrier, ILinkTransport
{
    // The time for each of its last steps, and then for the threads that are still in it.
    private static readonly TimeSpan s_stepTime = TimeSpan.FromSeconds(5);

    private readonly Carrier _carrier;
    private readonly ErrorLines _errors;
    private readonly Task<int>? _status;
    private readonly Task<ChildExit> _exited;
    private readonly TaskCompletionSource _inputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _writing = new(); // held by who writes or closes the writing; only there may the carrier block
    private readonly Lock _gate = new();
    private readonly List<Exception> _failures = []; // under _gate
    private int _inside;             // under _gate: the threads that read or write
    private bool _isEnded;           // under _gate: nobody enters any more
    private Task? _closing;          // under _gate
    private Task? _aborting;         // under _gate
    private Task? _ending;           // under _gate
    private volatile bool _isClosed; // for writing
    private volatile bool _isLetGo;  // by who aborts: it is too late to close
    private volatile bool _isAborted;
    private volatile bool _hasFailed;
    private bool _hasEnd;            // by the reader

    /// <summary>Takes both over.</summary>
    public CheckedCarrier(Carrier carrier, ErrorLines errors)
    {
        _carrier = carrier;
        _errors = errors;
        _status = StatusOf(carrier);
        _exited = WaitForExitAsync(_status);
    }

    public ILinkTransport Transport => this;

    /// <summary>A carrier that failed is the reason itself, whatever became of the command then.</summary>
    public Task<ChildExit>? Exited => _hasFailed || _status is null or { IsFaulted: true } or { IsCanceled: true } ? null : _exited;

    public Task StderrDrained => _errors.Drained;

    public IReadOnlyList<string> LastStderrLines => _errors.Last;

    public bool HoldsThreads { get; private set; }

    public int Read(Span<byte> buffer)
    {
        int count = 0;
        try
        {
            count = _hasEnd || !TryEnter() ? 0 : ReadInside(buffer);
            return count;
        }
        finally
        {
            if (count == 0)
            {
                _hasEnd = true;
                _ = _inputEnded.TrySetResult();
            }
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_writing)
        {
            if (_isClosed || !TryEnter())
            {
                throw new IOException("The way to it is closed.");
            }

            try
            {
                _carrier.Write(bytes);
            }
            catch (Exception e) when (e is not IOException)
            {
                _hasFailed |= !_isAborted;
                throw new IOException(e.Message, e);
            }
            finally
            {
                Leave();
            }
        }
    }

    /// <summary>Nothing tells whether it would block.</summary>
    public int TryWrite(ReadOnlySpan<byte> bytes) => 0;

    /// <summary>On the pool: it waits for whoever writes, and who calls this may be about to abort that one.</summary>
    public void CloseWriting()
    {
        lock (_gate)
        {
            _isClosed = true;
            _closing ??= _isAborted ? Task.CompletedTask : Task.Run(() =>
            {
                lock (_writing)
                {
                    if (!_isLetGo)
                    {
                        Try(_carrier.CloseWriting);
                    }
                }
            });
        }
    }

    public void Abort()
    {
        lock (_gate)
        {
            _isClosed = _isAborted = true;
            _aborting ??= Task.Run(AbortCoreAsync);
        }
    }

    public void Dispose() => Abort();

    /// <exception cref="AggregateException">Its code failed. Nothing is waited for any more.</exception>
    public ValueTask EndAsync(TimeSpan grace)
    {
        lock (_gate)
        {
            return new(_ending ??= EndCoreAsync(grace));
        }
    }

    /// <summary>The other side sees the end first, unless who writes waits for it. If nobody waits, the way stays open until the command's own end.</summary>
    private async Task AbortCoreAsync()
    {
        if (_closing is { } closing && _writing.TryEnter())
        {
            _writing.Exit();
            await closing.WaitAsync(s_stepTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        bool isHeld;
        lock (_gate)
        {
            _isLetGo = true;
            isHeld = _inside > 0;
        }

        if (isHeld)
        {
            Try(_carrier.Abort);
        }
    }

    private int ReadInside(Span<byte> buffer)
    {
        try
        {
            int count = _carrier.Read(buffer);
            return _isAborted ? 0
                : count >= 0 && count <= buffer.Length ? count
                : throw new InvalidOperationException($"{_carrier.GetType().Name} says that it read {count} bytes into {buffer.Length}.");
        }
        catch (Exception) when (_isAborted)
        {
            return 0; // however it says that it was aborted under a reader
        }
        catch (Exception e) when (e is not IOException)
        {
            _hasFailed = true;
            throw new IOException(e.Message, e);
        }
        finally
        {
            Leave();
        }
    }

    private async Task EndCoreAsync(TimeSpan grace)
    {
        if (grace > TimeSpan.Zero)
        {
            CloseWriting();
            await ((Task?)Exited ?? _inputEnded.Task).WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Abort();
        await StepAsync(_closing ?? Task.CompletedTask, nameof(Carrier.CloseWriting)).ConfigureAwait(false);
        await StepAsync(_aborting!, nameof(Carrier.Abort)).ConfigureAwait(false);
        await StepAsync(Task.Run(async () => await _carrier.DisposeAsync().ConfigureAwait(false)), nameof(Carrier.DisposeAsync)).ConfigureAwait(false);
        if (_status is { IsCompleted: true })
        {
            _ = await _exited.ConfigureAwait(false); // whoever asks for it asks now
        }

        await _errors.DisposeAsync().ConfigureAwait(false);
        await LeaveAllAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (_failures.Count > 0)
            {
                throw new AggregateException($"{_carrier.GetType().Name} failed at the end of its context.", _failures);
            }
        }
    }

    private async Task LeaveAllAsync()
    {
        lock (_gate)
        {
            _isEnded = true;
            if (_inside == 0)
            {
                _left.SetResult();
            }
        }

        await _left.Task.WaitAsync(s_stepTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_left.Task.IsCompleted)
        {
            HoldsThreads = true;
            Fail(new TimeoutException($"{nameof(Carrier.Read)} or {nameof(Carrier.Write)} did not return after {nameof(Carrier.Abort)}."));
        }
    }

    private async Task StepAsync(Task step, string name)
    {
        await step.WaitAsync(s_stepTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!step.IsCompleted)
        {
            Fail(new TimeoutException($"{name} did not return within {s_stepTime}."));
        }
        else if (step.Exception?.InnerException is { } error)
        {
            Fail(error);
        }
    }

    private void Try(Action step)
    {
#pragma warning disable CA1031 // told at the end
        try
        {
            step();
        }
        catch (Exception e)
        {
            Fail(e);
        }
#pragma warning restore CA1031
    }

    private void Fail(Exception error)
    {
        lock (_gate)
        {
            _failures.Add(error);
        }
    }

    private bool TryEnter()
    {
        lock (_gate)
        {
            _inside += _isAborted || _isEnded ? 0 : 1;
            return !_isAborted && !_isEnded;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_inside == 0 && _isEnded)
            {
                _ = _left.TrySetResult();
            }
        }
    }

    private static Task<int>? StatusOf(Carrier carrier)
    {
#pragma warning disable CA1031 // then nobody can tell
        try
        {
            return carrier.ExitStatus;
        }
        catch (Exception e)
        {
            return Task.FromException<int>(e);
        }
#pragma warning restore CA1031
    }

    private static async Task<ChildExit> WaitForExitAsync(Task<int>? status)
    {
        await ((Task?)status ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return status is { IsCompletedSuccessfully: true } ? new ChildExit(await status.ConfigureAwait(false), null) : default;
    }
}
