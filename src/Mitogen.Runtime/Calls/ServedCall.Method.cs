using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <content>The method that serves the call, on a pool thread or a thread of its own. User code runs here.</content>
internal sealed partial class ServedCall : IThreadPoolWorkItem
{
    private RemoteMethod? _method;

    public override CancellationToken CancellationToken
    {
        get
        {
            using (hub.Enter())
            {
                return _cancelled ? new CancellationToken(canceled: true) : (_cancellation ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>Under the lock: whether the method wants a thread of its own.</summary>
    public bool IsBlocking => (_method ??= hub.Host.FindMethod(_header.Contract, _header.Method)) is { IsBlocking: true };

    /// <summary>After the lock: a blocking method gets its thread.</summary>
    void IDeferred.Run() => hub.BlockingThreads.Run(this);

    /// <summary>Runs the method.</summary>
    public void Execute()
    {
        ExecutionContext? context = ExecutionContext.Capture();
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
        try
        {
            ServiceTarget target = Gate.Target ??= hub.Host.Resolve(_caller, _header.Contract);
            RemoteMethod method = _method ?? throw new NotSupportedException(
                $"{target.Contract.Name} in context '{hub.Host.Path}' has no method {_header.Method:x8}: do both sides run the same build?");
            target.Contract.Dispatch(target.GetInstance(), method.Index, this);
        }
        catch (Exception e)
        {
            Fail(e);
        }
#pragma warning restore CA1031

        // The thread goes on with another call, which must not see what this one set.
        SynchronizationContext.SetSynchronizationContext(null);
        if (context is not null)
        {
            ExecutionContext.Restore(context);
        }
    }

    public override MemoryPackReader BeginArguments() => new(_arguments.Buffer.WrittenSpan, MemoryPackReaderOptionalStatePool.Rent(null));

    public override void EndArguments(ref MemoryPackReader reader)
    {
        long left = reader.Remaining;
        Messages.End(ref reader);
        if (left != 0)
        {
            throw new ArgumentException($"The arguments of {_method!.Name} have {left} bytes too many: do both sides run the same build?");
        }
    }

    public override void Return()
    {
        BeginAnswer();
        Finish(failed: false);
    }

    public override void Return<T>(T value, ResultWriter<T> writer)
    {
#pragma warning disable CA1031 // a result that cannot be written fails this one call
        try
        {
            BeginAnswer();
            MemoryPackWriter<CallBuffer> target = new(ref _answer, MemoryPackWriterOptionalStatePool.Rent(null));
            writer(ref target, value);
            Messages.End(ref target);
            Messages.CheckSize(_answer.WrittenCount - AnswerHeader.Size, hub.Options);
        }
        catch (Exception e)
        {
            Fail(new InvalidOperationException($"The result of {_method!.Name} cannot be written: {e.Message}", e));
            return;
        }
#pragma warning restore CA1031

        Finish(failed: false);
    }

    public override void ReturnAsync(ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
            Return();
        }
        else
        {
            AwaitAsync(task);
        }
    }

    public override void ReturnAsync<T>(ValueTask<T> task, ResultWriter<T> writer)
    {
        if (task.IsCompletedSuccessfully)
        {
            Return(task.Result, writer);
        }
        else
        {
            AwaitAsync(task, writer);
        }
    }

    public override IProgress<T>? ReadProgress<T>(ref MemoryPackReader reader, ResultWriter<T> writer) => throw new NotSupportedException();

    public override void ReturnItems<T>(IAsyncEnumerable<T> items, ResultWriter<T> writer) => throw new NotSupportedException();

    public override void ReturnPromised<T>(T value, RemoteContract<T> contract) => throw new NotSupportedException();

    // Both end the call whatever happens, so nobody has to wait for them.
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
    private async void AwaitAsync(ValueTask task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        Return();
    }

    private async void AwaitAsync<T>(ValueTask<T> task, ResultWriter<T> writer)
    {
        T result;
        try
        {
            result = await task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        Return(result, writer);
    }
#pragma warning restore CA1031

    private void Fail(Exception error)
    {
        if (error is OperationCanceledException && hub.IsEnding && _cancelled)
        {
            // The method heeded the end of its context: for the caller, the context is gone.
            using (hub.Enter())
            {
                Drop(ResetCode.Refused, "The context is ending.");
                LetGo();
            }

            return;
        }

        if (_method is { IsOneWay: true })
        {
            hub.Host.OnOneWayFailed(_method, error);
        }

        // Whatever the option says: an exception has a bound of its own.
        _answer.MaxSize = AnswerHeader.Size + ErrorCodec.MaxSize;
        BeginAnswer();
        ErrorCodec.Write(_answer, error, hub.Host.Path);
        Finish(failed: true);
    }

    private void BeginAnswer()
    {
        _answer.Reset();
        _ = _answer.GetSpan(AnswerHeader.Size);
        _answer.Advance(AnswerHeader.Size);
    }

    private void Finish(bool failed)
    {
        AnswerHeader.Write(_answer.Front(AnswerHeader.Size), failed, _answer.WrittenCount - AnswerHeader.Size);
        using (hub.Enter())
        {
            // The stream keeps the answer until it is sent; a stream that is gone wants none.
            _stream?.Send(_method is { IsOneWay: true } ? default : _answer.WrittenMemory);
            LetGo();
        }
    }
}
