using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>Who waits for the end of a call, and takes its outcome: a task, a blocked thread, a promise, a reader of parts, or nobody but the log.</summary>
/// <remarks>
/// The call tells it what happens under the hub's lock, and wakes it after that. It reads the answer without the lock, on a thread of its own
/// choice, and gives the call back: from then on it knows nothing of it.
/// </remarks>
internal abstract class CallWaiter : IBlockedThread
{
    private PendingCall? _call;

    /// <summary>How many bytes the result has at the most; 0 where there is none.</summary>
    public virtual int MaxResult => 0;

    protected PendingCall Call => _call!;

    /// <summary>Whether a part that is not the last one is of a kind that the method's answers have. Reports are not asked for here.</summary>
    public virtual bool Expects(AnswerKind kind) => false;

    /// <summary>Such a part has come whole.</summary>
    public virtual void OnPart(in HubLock locked, IncomingPart part) => part.GiveBack(locked);

    /// <summary>Whether nothing of the parts is left to work on. One that is under way may then exceed the window.</summary>
    public virtual bool IsHungry(in HubLock locked) => true;

    /// <summary>The call has left.</summary>
    public virtual void OnSent(in HubLock locked)
    {
    }

    /// <summary>The call has ended, or was never sent.</summary>
    public virtual void OnEnded(in HubLock locked, bool wasSent)
    {
    }

    /// <summary>Runs something that belongs to the call: on the thread that is blocked in it, if there is one.</summary>
    public virtual void Post(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    /// <summary>After the lock: the call has ended, and its reports are taken. Comes once; it hands on and never runs user code.</summary>
    public abstract void Wake();

    /// <summary>Begins to wait, before the call is sent.</summary>
    protected void Begin(PendingCall call)
    {
        _call = call;
        call.Waiter = this;
    }

    /// <summary>The exception that the call failed with, if it did.</summary>
    protected Exception? ReadFailure()
    {
        Exception? failure = Call.Error ?? (Call.Answer.IsError ? ErrorCodec.Read(Call.Answer.Last, Call.Parts.Endpoint.Sender) : null);
        Call.Parts.Span?.End(failure);
        return failure;
    }

    /// <summary>Takes the result, or throws what the call failed with.</summary>
    /// <param name="reader">Reads it; <see langword="null"/> where there is none.</param>
    protected T ReadResult<T>(ResultReader<T>? reader)
    {
        if (ReadFailure() is { } error)
        {
            throw error;
        }

        return reader is null ? default! : Call.Answer.Read(reader);
    }

    /// <summary>Lets go of the call, whose outcome is taken.</summary>
    /// <returns>The call, which is to be given back.</returns>
    protected PendingCall LetGo()
    {
        PendingCall call = Call;
        _call = null;
        return call;
    }
}
