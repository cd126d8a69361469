using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The typed face of a <see cref="PendingCall"/>: what a proxy writes to and waits on.</summary>
/// <remarks>Pooled: whoever takes the result gives the instance back.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The timer and the registration end with each use.")]
internal sealed partial class PendingCall<T> : OutgoingCall<T>, IValueTaskSource<T>, IValueTaskSource, IThreadPoolWorkItem
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
    private PartQueue? _parts;
    private ProgressReports? _reports;
    private ReferenceScope? _outerScope;

    private PendingCall()
    {
        _core = new Core(this);
        _arguments = _core.Parts.Arguments;
    }

    public static PendingCall<T> Rent() => s_pool.TryDequeue(out PendingCall<T>? call) ? call : new PendingCall<T>();

    public void Begin(RemoteCallTarget target, RemoteMethod method, ResultReader<T>? reader)
    {
        _core.Begin(target, method);
        _reader = reader;
        _isBlocking = _isPosted = _done = false;
    }

    public override MemoryPackWriter<CallBuffer> BeginArguments()
    {
        if (_core.Parts.References is { } references)
        {
            _outerScope = ReferenceScope.Enter(references);
        }

        return new(ref _arguments, MemoryPackWriterOptionalStatePool.Rent(null));
    }

    public override void EndArguments(ref MemoryPackWriter<CallBuffer> writer)
    {
        Messages.End(ref writer);
        if (_core.Parts.References is { } references)
        {
            _ = ReferenceScope.Enter(_outerScope);
            references.WriteTo(_arguments);
        }

        Messages.CheckSize(_core.Parts.ArgumentBytes, _core.Parts.Endpoint.Hub.Options);
    }

    public override Exception Refuse(Exception error)
    {
        if (_core.Parts.References is not null)
        {
            _ = ReferenceScope.Enter(_outerScope);
        }

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
        if (!_core.Post())
        {
            return;
        }

        Exception? error = _core.FailureOf();
        Return();
        if (error is not null)
        {
            throw error;
        }
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
        CallHub hub = _core.Hub;
#pragma warning disable CA1031 // what goes on at once may be an awaiter of the user's own making: the process goes on as well
        try
        {
            Finish();
        }
        catch (Exception e)
        {
            hub.Host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    private void Finish()
    {
        if (_isPosted)
        {
            _core.ReportPosted();
            Return();
            return;
        }

        if (_core.Parts.Promised is { } promise)
        {
            promise.Settle(_core.FailureOf());
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
        if (cancellationToken.CanBeCanceled || _core.Parts.Timeout is not null)
        {
            RegisterAsync(generation, cancellationToken);
        }
    }

    private void RegisterAsync(int generation, CancellationToken cancellationToken)
    {
        // The instance is not reused before the caller has taken the result, which it cannot before this returns.
        if (_core.Parts.Timeout is { } deadline)
        {
            Core core = _core;
            _deadline = new Timer(_ => core.PassTimeout(generation), null, deadline, Timeout.InfiniteTimeSpan);
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

    private void Complete()
    {
        if (_parts is { } parts)
        {
            parts.OnEnded();
        }
        else if (_isBlocking)
        {
            lock (_core)
            {
                _done = true;
                Monitor.Pulse(_core);
            }
        }
        else if (!_isPosted || !_core.EndsWhilePosted())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Release()
    {
        _cancellation.Dispose();
        _cancellation = default;
        _deadline?.Dispose();
        _deadline = null;
        _reader = null;
        _reports = null;
        _core.End();
    }

    private void Return()
    {
        Release();
        _source.Reset();
        if (s_pool.Count < KeptCalls)
        {
            s_pool.Enqueue(this);
        }
    }
}
