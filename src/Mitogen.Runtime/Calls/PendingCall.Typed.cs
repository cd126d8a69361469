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
internal sealed class PendingCall<T> : OutgoingCall<T>, IValueTaskSource<T>, IValueTaskSource, IThreadPoolWorkItem, IBlockedThread
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
    private PromiseCallTarget? _promise;
    private ProgressReports? _reports;
    private ReferenceScope? _outerScope;

    // Both under the monitor of _core: whether a blocking call has ended, and what its thread is to do while it waits.
    private bool _done;
    private Queue<IThreadPoolWorkItem>? _work;

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
        ChainId chain = EnterChain();
        _core.Send();
        Register(cancellationToken);
        Wait();
        if (chain != default)
        {
            using (_core.Hub.Enter())
            {
                _core.Hub.Chains.Leave(chain, this);
            }
        }

        return Take();
    }

    public override void WriteProgress<TReport>(
        ref MemoryPackWriter<CallBuffer> writer, IProgress<TReport>? progress, ResultReader<TReport> reader)
    {
        writer.WriteUnmanaged(progress is not null);
        _reports ??= new ProgressReports(_core, this);
        _reports.Add(progress is null ? null : part => progress.Report(Messages.Read(part.Buffer.WrittenSpan, reader)));
    }

    public override IAsyncEnumerator<T> Enumerate(CancellationToken cancellationToken)
    {
        ItemReader<T> items = new(this, Stream(cancellationToken), _reader!);
        return items;
    }

    public override CallTarget Promise()
    {
        using (_core.Hub.Enter())
        {
            _core.Parts.Promise = _core.Parts.Endpoint.Objects.NextPromise();
        }

        PromiseCallTarget promise = new(_core.Parts.Target, _core.Parts.Method, _core.Parts.Promise);
        _promise = promise;
        Start(CancellationToken.None);
        return promise;
    }

    /// <summary>Sends a call whose answer is a stream. The instance belongs to whoever reads that.</summary>
    /// <returns>Where the parts of the answer gather.</returns>
    public PartQueue Stream(CancellationToken cancellationToken)
    {
        PartQueue parts = new(_core);
        _parts = parts;
        if (cancellationToken.IsCancellationRequested)
        {
            using (_core.Hub.Enter())
            {
                _core.Fail(new OperationCanceledException(cancellationToken));
            }
        }
        else
        {
            Start(cancellationToken);
        }

        return parts;
    }

    /// <summary>Ends a stream's call because its reader gave up.</summary>
    public void Abandon(CancellationToken cancellationToken) =>
        _ = _core.Abandon(_core.Generation, ResetCode.Cancelled, new OperationCanceledException(cancellationToken));

    /// <summary>Throws what the call failed with, if it did.</summary>
    public void ThrowIfFailed()
    {
        if (_core.FailureOf() is { } error)
        {
            throw error;
        }
    }

    /// <summary>Ends a stream's call, unless it has ended. The instance is not used again: a late wake-up may still come to it.</summary>
    public void CloseStream()
    {
        _ = _core.Abandon(_core.Generation, ResetCode.Cancelled, new OperationCanceledException("The stream was closed."));
        Release();
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

        if (_promise is { } promise)
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
        if (cancellationToken.CanBeCanceled || _core.Parts.Deadline is not null)
        {
            RegisterAsync(generation, cancellationToken);
        }
    }

    private void RegisterAsync(int generation, CancellationToken cancellationToken)
    {
        // The instance is not reused before the caller has taken the result, which it cannot before this returns.
        if (_core.Parts.Deadline is { } deadline)
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

    /// <summary>Where the call may come back, its chain is told that this thread waits.</summary>
    private ChainId EnterChain()
    {
        OutgoingParts parts = _core.Parts;
        CallHub hub = _core.Hub;
        if (parts.Chain == default && hub.ExportCount == 0)
        {
            return default;
        }

        using (hub.Enter())
        {
            if (parts.Chain == default)
            {
                parts.Chain = hub.Chains.Mint();
            }

            hub.Chains.Enter(parts.Chain, this);
            return parts.Chain;
        }
    }

    private void Wait()
    {
        TimeSpan? deadline = _core.Parts.Deadline;
        long until = deadline is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : long.MaxValue;
        while (!WaitUntil(until, out IThreadPoolWorkItem? work))
        {
            if (work is not null)
            {
                work.Execute();
            }
            else
            {
                _core.PassDeadline(_core.Generation);
                until = long.MaxValue;
            }
        }
    }

    /// <summary>Waits for the end of the call, for something to do meanwhile, or for the time.</summary>
    private bool WaitUntil(long until, out IThreadPoolWorkItem? work)
    {
        lock (_core)
        {
            while (true)
            {
                work = null;
                if (_work is not null && _work.TryDequeue(out work))
                {
                    return false;
                }

                if (_done)
                {
                    return true;
                }

                if (until == long.MaxValue)
                {
                    _ = Monitor.Wait(_core);
                }
                else if (until - Environment.TickCount64 is var left && (left <= 0 || !Monitor.Wait(_core, (int)Math.Min(left, int.MaxValue))))
                {
                    return false;
                }
            }
        }
    }

    /// <summary>Runs something that belongs to the call: on the thread that is blocked in it, if there is one.</summary>
    public void Post(IThreadPoolWorkItem item)
    {
        if (!_isBlocking)
        {
            ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
            return;
        }

        lock (_core)
        {
            (_work ??= new()).Enqueue(item);
            Monitor.Pulse(_core);
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
        else
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
        _promise = null;
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

    private sealed class Core(PendingCall<T> owner) : PendingCall
    {
        public void Begin(RemoteCallTarget target, RemoteMethod method)
        {
            BeginUse();
            Parts.Set(target, method);
        }

        protected override bool IsHungry => owner._parts?.IsEmpty ?? true;

        protected override void OnPart(IncomingPart part)
        {
            if (part.Kind == AnswerKind.Report)
            {
                owner._reports?.Add(part);
            }
            else
            {
                owner._parts?.Add(part);
            }
        }

        public override void Run()
        {
            if (owner._reports is null || owner._reports.EndWith(owner.Complete))
            {
                owner.Complete();
            }
        }

        public void End() => EndUse();

        /// <summary>What the call failed with, if it did.</summary>
        public Exception? FailureOf() => Error ?? (AnswerFailed ? ErrorCodec.Read(Answer) : null);

        public void ReportPosted()
        {
            if (FailureOf() is { } error)
            {
                Hub.Host.OnOneWayFailed(Parts.Method, error);
            }
        }

        public void Cancel(CancellationToken token) =>
            Abandon(Generation, ResetCode.Cancelled, new OperationCanceledException(token));

        public void PassDeadline(int generation)
        {
            TimeSpan? deadline = Parts.Deadline;
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

            ReadOnlySpan<byte> data = ResultReferences is { } references ? Answer[..references.DataBytes] : Answer;
            ReferenceScope? outer = ResultReferences is null ? null : ReferenceScope.Enter(ResultReferences);
#pragma warning disable CA1031 // the library's formatters fail in many ways on bytes that are not theirs, and the user's types in their own
            try
            {
                return Messages.Read(data, reader);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The result of {Parts.Describe()} cannot be read: {e.Message}", e);
            }
            finally
            {
                if (ResultReferences is not null)
                {
                    _ = ReferenceScope.Enter(outer);
                    using (Hub.Enter())
                    {
                        ResultReferences.Close();
                    }
                }
            }
#pragma warning restore CA1031
        }
    }
}
