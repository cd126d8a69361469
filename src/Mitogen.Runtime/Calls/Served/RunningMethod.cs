using Mitogen.CompilerServices;
using Mitogen.Telemetry;

namespace Mitogen.Calls;

/// <summary>
/// The method that serves a call, from its start to its end: on a pool thread, a thread of its own, or the one that its call came on. User
/// code runs here.
/// </summary>
/// <remarks>
/// It belongs to the thread at work. With the end it is its call's again, which may be in use for another one at once.
/// </remarks>
internal sealed class RunningMethod : IThreadPoolWorkItem, IDeferred, IExclusiveEntry
{
    private readonly ServedCall _call;
    private readonly DispatchedCall _dispatched;
    private CallScope? _scope;
    private CallSpan? _span;
    private ExclusiveGate? _exclusive;

    public RunningMethod(ServedCall call)
    {
        _call = call;
        _dispatched = new DispatchedCall(call, this);
    }

    public ChainId Chain => _call.Chain;

    public bool MayJoin => _call.MayJoin;

    /// <summary>The gate of the exclusive service that the method is in; <see langword="null"/> if it is in none.</summary>
    public ExclusiveGate? Exclusive => _exclusive;

    /// <summary>Before it runs: whether the calls after it wait until it has started.</summary>
    public bool IsOrdered
    {
        get
        {
            if (_call.Header.Object != 0 || _call.Arguments.Failure is not null)
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

    /// <summary>After the lock: a blocking method gets its thread, and one that starts at once has this one.</summary>
    void IDeferred.Run()
    {
        if (_call.StartsAtOnce)
        {
            Execute();
        }
        else
        {
            WorkThread.Queue(this, _call.Hub.BlockingThreads);
        }
    }

    /// <summary>Runs the method.</summary>
    public void Execute()
    {
        ExecutionContext? context = ExecutionContext.Capture();
        SynchronizationContext? synchronization = SynchronizationContext.Current;
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
        try
        {
            Dispatch();
        }
        catch (Exception e)
        {
            _call.Arguments.EndReading();
            Fail(e);
        }
#pragma warning restore CA1031

        // The thread goes on with something else, which must not see what this call set.
        SynchronizationContext.SetSynchronizationContext(synchronization);
        if (context is not null)
        {
            ExecutionContext.Restore(context);
        }
    }

    /// <summary>The service that the call waited for has room: it runs.</summary>
    public void Resume()
    {
        if (_call.IsBlocking)
        {
            _call.Hub.BlockingThreads.Run(this);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The gate of the service that the method is in, which the caller of this leaves.</summary>
    public ExclusiveGate? TakeExclusive()
    {
        ExclusiveGate? exclusive = _exclusive;
        _exclusive = null;
        return exclusive;
    }

    /// <summary>The answer is written.</summary>
    // The instance is not touched after the lock: it may be in use for another call.
    public void End(AnswerKind kind)
    {
        ExclusiveGate? exclusive = TakeExclusive();
        _span?.End(null);
        using (HubLock locked = _call.Hub.Enter())
        {
            _scope?.End();
            _call.End(locked, kind);
        }

        exclusive?.Leave();
    }

    /// <summary>The method has failed. Nothing is thrown: there may be nobody above.</summary>
    public void Fail(Exception error)
    {
        CallHub hub = _call.Hub;
#pragma warning disable CA1031 // what fails here, such as memory, must not end the thread, and the process with it
        try
        {
            EndWith(error);
        }
        catch (Exception e)
        {
            hub.Host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    /// <summary>Gives up everything of this use.</summary>
    public void Reset()
    {
        _scope = null;
        _span = null;
        _exclusive = null;
        _dispatched.Reset();
    }

    private void Dispatch()
    {
        if (_call.Arguments.Failure is { } failure)
        {
            throw failure;
        }

        if (_call.Method == ReleaseCall.Method)
        {
            _dispatched.ReturnRelease();
            return;
        }

        ServiceTarget target = Target();
        if (target.Exclusive is { } exclusive && _exclusive is null && !TryEnter(exclusive))
        {
            return;
        }

        if (_exclusive is not null && _call.IsGivenUp)
        {
            throw new OperationCanceledException("The call was given up while it waited for an exclusive service.");
        }

        if (target.Contract is { } contract)
        {
            BeginSpan(contract); // there is none where a promise was broken
        }

        if (_call.Chain != default || _call.Due is not null)
        {
            _scope = new CallScope(_call.Chain, _call.Due);
            _scope.Enter();
        }

        object instance = target.GetInstance();
        if (_call.Method is not { } method || target.Contract.Id != _call.Header.Contract)
        {
            throw new NotSupportedException(
                $"{target.Contract.Name} in context '{_call.Hub.Host.Path}' has no method {_call.Header.Method:x8}: do both sides run the same build?");
        }

        target.Contract.Dispatch(instance, method.Index, _dispatched);
    }

    /// <summary>Reads the trace context that came, whether somebody listens or not: the arguments stand behind it.</summary>
    private void BeginSpan(RemoteContract contract)
    {
        TraceFields? fields = null;
        if (_call.Header.HasTrace)
        {
            fields = _call.Arguments.ReadTrace();
            if (!_call.Hub.Host.IsAbove(_call.Caller))
            {
                fields.DropBaggage();
            }

            Tracing.TurnOn();
        }

        if (Tracing.IsOn && _call.Method is { IsOwn: false } method)
        {
            _span = CallSpan.BeginIncoming(method.FullName(contract.Name), _call.Hub.Host.Path, fields, _call.Hub.OnListenerFailed);
        }
    }

    private ServiceTarget Target() => _call.Gate.Target ??= _call.Hub.Host.Resolve(_call.Caller, _call.Header.Contract);

    /// <summary>Whether an exclusive service has room for the call. If not, it runs when the service has.</summary>
    private bool TryEnter(ExclusiveGate gate)
    {
        if (_call.Chain == default)
        {
            using (HubLock locked = _call.Hub.Enter())
            {
                _call.BeginChain(locked);
            }
        }

        // Before it is tried: another thread may go on with this call at once.
        _exclusive = gate;
        return gate.TryEnter(this);
    }

    private void EndWith(Exception error)
    {
        ICallHost host = _call.Hub.Host;
        _span?.End(error, isOwn: true);
        if (error is ContextEndedException || (error is OperationCanceledException && _call.Hub.Served.IsEnding && _call.IsGivenUp))
        {
            // The method heeded the end of its context, or came too late for a service: for the caller, the context is gone.
            EndRefused("The context is ending.");
            return;
        }

        if (_call.Method is { IsOneWay: true } method)
        {
            host.OnOneWayFailed(method, error);
        }

        if (_call.IsPromising && _call.Method is { } promising)
        {
            FailedStep.Mark(error, promising, host.Path);
        }

        _call.Answer.Write(error, host.IsAbove(_call.Caller) ? ErrorAudience.Above : ErrorAudience.Below);
        using (HubLock locked = _call.Hub.Enter())
        {
            _call.Break(locked, error);
        }

        End(AnswerKind.Error);
    }

    private void EndRefused(string why)
    {
        ExclusiveGate? exclusive = TakeExclusive();
        using (HubLock locked = _call.Hub.Enter())
        {
            _scope?.End();
            _call.EndRefused(locked, why);
        }

        exclusive?.Leave();
    }
}
