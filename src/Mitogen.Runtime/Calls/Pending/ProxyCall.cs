using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>A call as its proxy writes it. What sends or refuses it gives the instance back, and leaves the call to who waits for it.</summary>
internal sealed class ProxyCall<T> : OutgoingCall<T>
{
    // A call is sent by the thread that wrote it, and seldom is another one written meanwhile.
    [ThreadStatic]
    private static ProxyCall<T>? s_own;

    private PendingCall? _call;
    private CallBuffer _arguments = null!;
    private ResultReader<T>? _reader;
    private ReferenceScope? _outerScope;

    private PendingCall Call => _call ?? throw new InvalidOperationException("The call was sent or refused before.");

    /// <summary>Begins a call.</summary>
    public static ProxyCall<T> Begin(RemoteCallTarget target, RemoteMethod method, ResultReader<T>? reader)
    {
        ProxyCall<T> proxied = s_own ?? new ProxyCall<T>();
        s_own = null;
        proxied._call = PendingCall.Begin(target, method);
        proxied._arguments = proxied._call.Parts.Arguments;
        proxied._reader = reader;
        return proxied;
    }

    public override MemoryPackWriter<CallBuffer> BeginArguments()
    {
        if (Call.Parts.References is { } references)
        {
            _outerScope = ReferenceScope.Enter(references);
        }

        return new(ref _arguments, MemoryPackWriterOptionalStatePool.Rent(null));
    }

    public override void EndArguments(ref MemoryPackWriter<CallBuffer> writer)
    {
        Messages.End(ref writer);
        OutgoingParts parts = Call.Parts;
        if (parts.References is { } references)
        {
            _ = ReferenceScope.Enter(_outerScope);
            references.WriteTo(_arguments);
        }

        parts.Arguments.CheckSize();
    }

    public override void WriteProgress<TReport>(
        ref MemoryPackWriter<CallBuffer> writer, IProgress<TReport>? progress, ResultReader<TReport> reader)
    {
        writer.WriteUnmanaged(progress is not null);
        Call.Reports ??= new ProgressReports(Call);
        Call.Reports.Add(progress is null ? null : part => progress.Report(Messages.Read(part.Buffer.WrittenSpan, reader)));
    }

    public override Exception Refuse(Exception error)
    {
        if (Call.Parts.References is not null)
        {
            _ = ReferenceScope.Enter(_outerScope);
        }

        PendingCall call = Take(out _);
        Exception result = error is MemoryPackSerializationException
            ? new ArgumentException($"An argument of {call.Parts.Describe()} cannot be written: {error.Message}", error)
            : error;
        call.Return(result);
        return result;
    }

    public override T Invoke(CancellationToken cancellationToken)
    {
        PendingCall call = Take(out ResultReader<T>? reader);
        if (cancellationToken.IsCancellationRequested)
        {
            OperationCanceledException cancelled = new(cancellationToken);
            call.Return(cancelled);
            throw cancelled;
        }

        return BlockingWaiter.Invoke(call, reader, cancellationToken);
    }

    public override ValueTask<T> InvokeAsync(CancellationToken cancellationToken)
    {
        PendingCall call = Take(out ResultReader<T>? reader);
        if (cancellationToken.IsCancellationRequested)
        {
            call.Return(new OperationCanceledException(cancellationToken));
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        TaskWaiter<T> waiter = TaskWaiter<T>.Rent();
        short version = waiter.Version;
        waiter.Start(call, reader, cancellationToken);
        return new ValueTask<T>(waiter, version);
    }

    public override ValueTask InvokeVoidAsync(CancellationToken cancellationToken)
    {
        PendingCall call = Take(out ResultReader<T>? reader);
        if (cancellationToken.IsCancellationRequested)
        {
            call.Return(new OperationCanceledException(cancellationToken));
            return ValueTask.FromCanceled(cancellationToken);
        }

        TaskWaiter<T> waiter = TaskWaiter<T>.Rent();
        short version = waiter.Version;
        waiter.Start(call, reader, cancellationToken);
        return new ValueTask(waiter, version);
    }

    public override void Post() => OneWayWaiter.Post(Take(out _));

    public override IAsyncEnumerator<T> Enumerate(CancellationToken cancellationToken)
    {
        PendingCall call = Take(out ResultReader<T>? reader);
        return new ItemReader<T>(PartQueue.Start(call, AnswerKind.Items, cancellationToken), reader!);
    }

    public override CallTarget Promise() => PromiseWaiter.Start(Take(out _));

    /// <summary>Gives up everything of this use, and the instance.</summary>
    private PendingCall Take(out ResultReader<T>? reader)
    {
        PendingCall call = Call;
        reader = _reader;
        _call = null;
        _arguments = null!;
        _reader = null;
        _outerScope = null;
        s_own = this;
        return call;
    }
}
