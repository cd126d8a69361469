using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <content>The method that serves the call, on a pool thread or a thread of its own. User code runs here.</content>
internal sealed partial class ServedCall : IThreadPoolWorkItem
{
    private RemoteMethod? _method;
    private Exception? _failure;
    private CallScope? _scope;
    private ExclusiveGate? _exclusive;

    public override CancellationToken CancellationToken
    {
        get
        {
            using (hub.Enter())
            {
                if (_cancelled)
                {
                    return new CancellationToken(canceled: true);
                }

                return (_cancellation ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>Whether the method wants a thread of its own.</summary>
    public bool IsBlocking => _method is { IsBlocking: true };

    /// <summary>The method that it runs; <see langword="null"/> if the program has no such method.</summary>
    public RemoteMethod? Method => _method;

    /// <summary>Before it runs: whether the calls after it wait until it has started.</summary>
    public bool IsOrdered
    {
        get
        {
            if (_header.Object != 0 || _failure is not null)
            {
                return true;
            }

#pragma warning disable CA1031 // that there is no such service is told to the caller when the call runs
            try
            {
                return Target().IsOrdered;
            }
            catch (Exception)
            {
                return true;
            }
#pragma warning restore CA1031
        }
    }

    /// <summary>After the lock: a blocking method gets its thread.</summary>
    void IDeferred.Run() => hub.BlockingThreads.Run(this);

    /// <summary>Runs the method.</summary>
    public void Execute()
    {
        ExecutionContext? context = ExecutionContext.Capture();
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
        try
        {
            Dispatch();
        }
        catch (Exception e)
        {
            EndReading();
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

    public override MemoryPackReader BeginArguments()
    {
        ReadOnlySpan<byte> data = _arguments.Join();
        if (_references is { } references)
        {
            data = data[..references.DataBytes];
            _outerScope = ReferenceScope.Enter(references);
            _isReading = true;
        }

        return new(data, MemoryPackReaderOptionalStatePool.Rent(null));
    }

    public override void EndArguments(ref MemoryPackReader reader)
    {
        long left = reader.Remaining;
        Messages.End(ref reader);
        EndReading();
        ForgetArguments();
        if (left != 0)
        {
            throw new ArgumentException($"The arguments of {_method!.Name} have {left} bytes too many: do both sides run the same build?");
        }
    }

    /// <summary>Large arguments were read: nothing of them stays while the method runs.</summary>
    private void ForgetArguments()
    {
        if (_arguments.IsCharged)
        {
            using (hub.Enter())
            {
                _arguments.GiveBack();
                _arguments.Release();
            }
        }
    }

    private void Dispatch()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }

        if (_method == ReleaseCall.Method)
        {
            ReturnAsync(ReleaseAsync(), ReleaseCall.Writer);
            return;
        }

        ServiceTarget target = Target();
        if (target.Exclusive is { } exclusive && _exclusive is null && !TryEnter(exclusive))
        {
            return;
        }

        if (_exclusive is not null && _cancelled)
        {
            throw new OperationCanceledException("The call was given up while it waited for an exclusive service.");
        }

        if (Chain != default || _arrived != 0)
        {
            _scope = new CallScope(Chain, _arrived == 0 ? null : _arrived + _header.TimeoutMilliseconds);
            _scope.Enter();
        }

        object instance = target.GetInstance();
        if (_method is null || target.Contract.Id != _header.Contract)
        {
            throw new NotSupportedException(
                $"{target.Contract.Name} in context '{hub.Host.Path}' has no method {_header.Method:x8}: do both sides run the same build?");
        }

        target.Contract.Dispatch(instance, _method.Index, this);
    }

    private ServiceTarget Target() => Gate.Target ??= hub.Host.Resolve(_caller, _header.Contract);

    /// <summary>Whether an exclusive service has room for the call. If not, it runs when the service has.</summary>
    private bool TryEnter(ExclusiveGate gate)
    {
        if (Chain == default)
        {
            using (HubLock locked = hub.Enter())
            {
                Chain = locked.Chains.Mint();
            }
        }

        // Before it is tried: another thread may go on with this call at once.
        _exclusive = gate;
        return gate.TryEnter(this);
    }

    /// <summary>The service that the call waited for has room: it runs.</summary>
    public void Resume()
    {
        if (IsBlocking)
        {
            hub.BlockingThreads.Run(this);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
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
            if (_method!.GivesReferences)
            {
                WriteWithReferences(value, writer);
            }
            else
            {
                Write(value, writer);
            }

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

    public override void ReturnAsync(Task task) => ReturnAsync(new ValueTask(task ?? throw NoTask()));

    public override void ReturnAsync<T>(Task<T> task, ResultWriter<T> writer) => ReturnAsync(new ValueTask<T>(task ?? throw NoTask()), writer);

    private InvalidOperationException NoTask() =>
        new($"{_method!.Name} returned null instead of a task: return Task.CompletedTask or Task.FromResult where nothing has to be awaited.");

    public override void ReturnAsync(ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
            Return();
        }
        else
        {
            _ = AwaitAsync(task);
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
            _ = AwaitAsync(task, writer);
        }
    }

    // Both end the call whatever happens, so nobody has to wait for them. Nothing that they await ends more than the call: as a task, because
    // what a task source throws when it is awaited itself is thrown on a pool thread, where nothing catches it.
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
    private async Task AwaitAsync(ValueTask task)
    {
        try
        {
            await task.AsTask().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        Return();
    }

    private async Task AwaitAsync<T>(ValueTask<T> task, ResultWriter<T> writer)
    {
        T result;
        try
        {
            result = await task.AsTask().ConfigureAwait(false);
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
#pragma warning disable CA1031 // what fails here, such as memory, must not end the thread, and the process with it
        try
        {
            Tell(error);
        }
        catch (Exception e)
        {
            hub.Host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    private void Tell(Exception error)
    {
        if (error is ContextEndedException || (error is OperationCanceledException && hub.IsEnding && _cancelled))
        {
            // The method heeded the end of its context, or came too late for a service: for the caller, the context is gone.
            using (HubLock locked = hub.Enter())
            {
                Drop(locked, ResetCode.Refused, "The context is ending.");
                LetGo(locked);
            }

            Interlocked.Exchange(ref _exclusive, null)?.Leave();

            return;
        }

        if (_method is { IsOneWay: true })
        {
            hub.Host.OnOneWayFailed(_method, error);
        }

        if (_promised is not null && _method is not null)
        {
            FailedStep.Mark(error, _method, hub.Host.Path);
        }

        // Whatever the option says: an exception has a bound of its own.
        _answer.MaxSize = AnswerHeader.Size + ErrorCodec.MaxSize;
        BeginAnswer();
        ErrorCodec.Write(_answer, error, hub.Host.Path, hub.Host.IsAbove(_caller) ? ErrorAudience.Above : ErrorAudience.Below);
        using (HubLock locked = hub.Enter())
        {
            _resultReferences?.TakeBack(locked);
            _promised?.Fail(locked, error);
        }

        Finish(failed: true);
    }

    private void Write<T>(T value, ResultWriter<T> writer)
    {
        MemoryPackWriter<CallBuffer> target = new(ref _answer, MemoryPackWriterOptionalStatePool.Rent(null));
        writer(ref target, value);
        Messages.End(ref target);
    }

    private void BeginAnswer() => _answer.Begin(AnswerHeader.Size);

    private void Finish(bool failed)
    {
        ExclusiveGate? exclusive = _exclusive;
        _exclusive = null;
        AnswerKind kind = failed ? AnswerKind.Error : AnswerKind.Result;
        using (HubLock locked = hub.Enter())
        {
            if (_stream is null)
            {
                _resultReferences?.TakeBack(locked);
            }
            else if (_parts is { } parts)
            {
                parts.SendLast(locked, _answer, kind);
            }
            else if (!_answered.TrySet(Math.Max(0, _answer.WrittenCount - OwnBytes)))
            {
                DropFull(locked, $"the answer of {_method!.Name}");
            }
            else
            {
                // The stream keeps the answer until it is sent.
                AnswerHeader.Complete(_answer, kind);
                _stream.Send(_method is { IsOneWay: true } ? default : _answer.WrittenMemory);
            }

            LetGo(locked);
        }

        exclusive?.Leave();
    }
}
