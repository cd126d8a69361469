using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <summary>The typed face of a <see cref="PendingCall"/>: what a proxy writes to and waits on.</summary>
/// <remarks>Pooled: whoever takes the result gives the instance back.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The timer and the registration end with each use.")]
internal sealed class PendingCall<T> : OutgoingCall<T>, IValueTaskSource<T>, IValueTaskSource, IThreadPoolWorkItem
{
    private const int KeptCalls = 2048;

    private static readonly ConcurrentQueue<PendingCall<T>> s_pool = new();

    private readonly Core _core;
    private CallBuffer _arguments;
    private ResultReader<T>? _reader;
    private ManualResetValueTaskSourceCore<T> _source;
    private CancellationTokenRegistration _cancellation;
    private Timer? _deadline;
    private bool _isBlocking;
    private bool _isPosted;

    // Under the monitor of _core: set when a blocking call has ended.
    private bool _done;

    private PendingCall()
    {
        _core = new Core(this);
        _arguments = _core.Parts.Arguments;
    }

    public static PendingCall<T> Rent() => s_pool.TryDequeue(out PendingCall<T>? call) ? call : new PendingCall<T>();

    public void Begin(ServiceCallTarget target, RemoteMethod method, ResultReader<T>? reader)
    {
        _core.Begin(target, method);
        _reader = reader;
        _isBlocking = _isPosted = _done = false;
    }

    public override MemoryPackWriter<CallBuffer> BeginArguments() => new(ref _arguments, MemoryPackWriterOptionalStatePool.Rent(null));

    public override void EndArguments(ref MemoryPackWriter<CallBuffer> writer)
    {
        Messages.End(ref writer);
        Messages.CheckSize(_core.Parts.ArgumentBytes, _core.Parts.Target.Endpoint.Hub.Options);
    }

    public override Exception Refuse(Exception error)
    {
        Exception result = error is MemoryPackSerializationException
            ? new ArgumentException($"An argument of {_core.Parts.Describe()} cannot be written: {error.Message}", error)
            : error;
        Return();
        return result;
    }

    public override ValueTask<T> InvokeAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Return();
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        short token = _source.Version;
        Start(cancellationToken);
        return new ValueTask<T>(this, token);
    }

    public override ValueTask InvokeVoidAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Return();
            return ValueTask.FromCanceled(cancellationToken);
        }

        short token = _source.Version;
        Start(cancellationToken);
        return new ValueTask(this, token);
    }

    public override void Post()
    {
        _isPosted = true;
        _core.Send();
    }

    public override T Invoke(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Return();
            throw new OperationCanceledException(cancellationToken);
        }

        _isBlocking = true;
        _core.Send();
        Register(cancellationToken);
        Wait();
        return Take();
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        // Before anything is given back: a task that is awaited twice, or whose result is taken too early, must not touch the
        // call that uses the instance now.
        if (_source.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The call has not ended: await its task, or use AsTask() to wait for it.");
        }

        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<T>)this).GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>On a pool thread: reads the answer, which may run user code, and goes on with whoever awaits it.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (_isPosted)
        {
            _core.ReportPosted();
            Return();
            return;
        }

        T result;
        try
        {
            result = _core.ReadAnswer(_reader);
        }
#pragma warning disable CA1031 // whatever it is, it is this call's outcome
        catch (Exception e)
#pragma warning restore CA1031
        {
            _source.SetException(e);
            return;
        }

        _source.SetResult(result);
    }

    private void Start(CancellationToken cancellationToken)
    {
        int generation = _core.Generation;
        _core.Send();
        if (cancellationToken.CanBeCanceled || _core.Parts.Target.Options.Deadline is not null)
        {
            RegisterAsync(generation, cancellationToken);
        }
    }

    private void RegisterAsync(int generation, CancellationToken cancellationToken)
    {
        // The instance is not reused before the caller has taken the result, which it cannot before this returns.
        if (_core.Parts.Target.Options.Deadline is { } deadline)
        {
            Core core = _core;
            _deadline = new Timer(_ => core.PassDeadline(generation), null, deadline, Timeout.InfiniteTimeSpan);
        }

        Register(cancellationToken);
    }

    private void Register(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (state, token) => ((Core)state!).Cancel(token), _core);
        }
    }

    private void Wait()
    {
        TimeSpan? deadline = _core.Parts.Target.Options.Deadline;
        long until = deadline is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : long.MaxValue;
        lock (_core)
        {
            while (!_done)
            {
                if (deadline is null)
                {
                    _ = Monitor.Wait(_core);
                }
                else if (until - Environment.TickCount64 is var left && (left <= 0 || !Monitor.Wait(_core, (int)Math.Min(left, int.MaxValue))))
                {
                    break;
                }
            }
        }

        if (!_done)
        {
            _core.PassDeadline(_core.Generation);
            lock (_core)
            {
                while (!_done)
                {
                    _ = Monitor.Wait(_core);
                }
            }
        }
    }

    private T Take()
    {
        try
        {
            return _core.ReadAnswer(_reader);
        }
        finally
        {
            Return();
        }
    }

    private void Complete()
    {
        if (_isBlocking)
        {
            lock (_core)
            {
                _done = true;
                Monitor.Pulse(_core);
            }
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Return()
    {
        _cancellation.Dispose();
        _cancellation = default;
        _deadline?.Dispose();
        _deadline = null;
        _reader = null;
        _core.End();
        _source.Reset();
        if (s_pool.Count < KeptCalls)
        {
            s_pool.Enqueue(this);
        }
    }

    private sealed class Core(PendingCall<T> owner) : PendingCall
    {
        public void Begin(ServiceCallTarget target, RemoteMethod method)
        {
            BeginUse();
            Parts.Set(target, method);
        }

        public override void Run() => owner.Complete();

        public void End() => EndUse();

        public void ReportPosted()
        {
            if ((Error ?? (AnswerFailed ? ErrorCodec.Read(Answer) : null)) is { } error)
            {
                Hub.Host.OnOneWayFailed(Parts.Method, error);
            }
        }

        public void Cancel(CancellationToken token) =>
            Abandon(Generation, ResetCode.Cancelled, new OperationCanceledException(token));

        public void PassDeadline(int generation)
        {
            TimeSpan? deadline = Parts.Target.Options.Deadline;
            _ = Abandon(generation, ResetCode.Cancelled, new TimeoutException($"{Parts.Describe()} took longer than its deadline of {deadline}."));
        }

        public T ReadAnswer(ResultReader<T>? reader)
        {
            if (Error is { } error)
            {
                throw error;
            }

            if (AnswerFailed)
            {
                throw ErrorCodec.Read(Answer);
            }

            if (reader is null)
            {
                return default!;
            }

            long left;
            T result;
            MemoryPackReader source = new(Answer, MemoryPackReaderOptionalStatePool.Rent(null));
#pragma warning disable CA1031 // the library's formatters fail in many ways on bytes that are not theirs, and the user's types in their own
            try
            {
                result = reader(ref source);
                left = source.Remaining;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The result of {Parts.Describe()} cannot be read: {e.Message}", e);
            }
            finally
            {
                Messages.End(ref source);
            }
#pragma warning restore CA1031

            return left == 0
                ? result
                : throw new InvalidOperationException(
                    $"The result of {Parts.Describe()} has {left} bytes too many: do both sides run the same build?");
        }
    }
}
