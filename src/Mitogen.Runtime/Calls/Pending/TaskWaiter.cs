using System.Threading.Tasks.Sources;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>The task of a call: a pool thread reads the result, and goes on with whoever awaits it. Whoever takes the result gives it back.</summary>
internal sealed class TaskWaiter<T> : CallWaiter, IValueTaskSource<T>, IValueTaskSource, IThreadPoolWorkItem
{
    private ResultReader<T>? _reader;
    private ManualResetValueTaskSourceCore<T> _source;
    private CallLimits _limits;

    public override int MaxResult => _reader is null ? 0 : Call.Hub.Options.MaxMessageSize;

    /// <summary>The token of the task that the waiter is for.</summary>
    public short Version => _source.Version;

    public static TaskWaiter<T> Rent() => Pool<TaskWaiter<T>>.TryRent() ?? new TaskWaiter<T>();

    /// <summary>Sends the call. The instance is not used again before its result is taken, which it cannot before this returns.</summary>
    public void Start(PendingCall call, ResultReader<T>? reader, CancellationToken cancellationToken)
    {
        int generation = call.Generation;
        Begin(call);
        _reader = reader;
        call.Send();
        _limits.BeginTime(call, generation);
        _limits.BeginToken(call, cancellationToken);
    }

    public override void Wake() => WorkThread.Queue(this);

    public void Execute()
    {
        CallHub hub = Call.Hub;
#pragma warning disable CA1031 // what goes on at once may be an awaiter of the user's own making: the process goes on as well
        try
        {
            Complete();
        }
        catch (Exception e)
        {
            hub.Host.OnCallbackFailed(e);
        }
#pragma warning restore CA1031
    }

    public T GetResult(short token)
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

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Complete()
    {
        T result;
        try
        {
            result = ReadResult(_reader);
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

    /// <summary>Gives up everything of this use.</summary>
    private void Return()
    {
        _limits.End();
        _reader = null;
        _source.Reset();
        LetGo().Return();
        Pool<TaskWaiter<T>>.Return(this);
    }
}
