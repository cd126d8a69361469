using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>A call as its dispatcher sees it: reads the arguments, and takes what the method returned. It belongs to the thread at work, as the method does.</summary>
internal sealed class DispatchedCall(ServedCall call, RunningMethod running) : IncomingCall
{
    private byte _progressCount;

    public override CancellationToken CancellationToken
    {
        get
        {
            using (HubLock locked = call.Hub.Enter())
            {
                return call.Token(locked);
            }
        }
    }

    /// <summary>Of which contexts an exception that the caller passes may speak.</summary>
    public ErrorSender Sender
    {
        get
        {
            using (HubLock locked = call.Hub.Enter())
            {
                return call.Hub.Peers.Of(locked, call.Caller).Sender;
            }
        }
    }

    /// <summary>The method's name, for messages.</summary>
    public string Name => call.Method!.Name;

    public override MemoryPackReader BeginArguments() => call.Arguments.BeginReading();

    public override void EndArguments(ref MemoryPackReader reader)
    {
        long left = reader.Remaining;
        Messages.End(ref reader);
        call.Arguments.EndReading();
        call.Arguments.Drop();
        if (left != 0)
        {
            throw new ArgumentException($"The arguments of {Name} have {left} bytes too many: do both sides run the same build?");
        }
    }

    public override IProgress<T>? ReadProgress<T>(ref MemoryPackReader reader, ResultWriter<T> writer)
    {
        byte number = _progressCount++;
        return WireData.ReadBoolean(ref reader) ? new ProgressSender<T>(Parts(), number, writer) : null;
    }

    public override void Return()
    {
        call.Answer.WriteNothing();
        running.End(AnswerKind.Result);
    }

    public override void Return<T>(T value, ResultWriter<T> writer)
    {
#pragma warning disable CA1031 // a result that cannot be written fails this one call
        try
        {
            if (call.Method!.GivesReferences)
            {
                WriteWithReferences(value, writer);
            }
            else
            {
                call.Answer.Write(value, writer);
            }
        }
        catch (Exception e)
        {
            Fail(new InvalidOperationException($"The result of {Name} cannot be written: {e.Message}", e));
            return;
        }
#pragma warning restore CA1031

        running.End(AnswerKind.Result);
    }

    public override void ReturnAsync(Task task) => ReturnAsync(new ValueTask(task ?? throw NoTask()));

    public override void ReturnAsync<T>(Task<T> task, ResultWriter<T> writer) => ReturnAsync(new ValueTask<T>(task ?? throw NoTask()), writer);

    public override void ReturnAsync(ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
            Return();
        }
        else
        {
            _ = MethodTasks.EndAsync(this, task);
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
            _ = MethodTasks.EndAsync(this, task, writer);
        }
    }

    public override void ReturnItems<T>(IAsyncEnumerable<T> items, ResultWriter<T> writer)
    {
        if (items is null)
        {
            throw new InvalidOperationException($"{Name} returned null instead of items: return an empty stream where there are none.");
        }

        // The service is free from now on, and held again while an item is made.
        ExclusiveGate? exclusive = running.TakeExclusive();
        exclusive?.Leave();
        _ = ItemSending.SendAsync(this, items, exclusive, running, writer);
    }

    /// <summary>The method returned a stream of bytes; the call ends with it.</summary>
    public void ReturnBytes(Stream source) => _ = ByteSending.SendAsync(this, source);

    public override void ReturnPromised<T>(T value, RemoteContract<T> contract)
    {
        if (value is null)
        {
            Fail(new InvalidOperationException($"{Name} returned null, and its type says that it never does."));
            return;
        }

        using (HubLock locked = call.Hub.Enter())
        {
            if (!call.Keep(locked, value, contract) && !call.Hub.Host.IsService(value))
            {
                call.Hub.Objects.Dispose(value); // its caller is gone, and the promise with it
            }
        }

        Return();
    }

    /// <summary>The parts that come before the end of the answer.</summary>
    public AnswerParts Parts()
    {
        using (HubLock locked = call.Hub.Enter())
        {
            return call.Parts(locked);
        }
    }

    /// <summary>Serves a call that gives references back.</summary>
    public void ReturnRelease() => ReturnAsync(ReleaseAsync(), ReleaseCall.Writer);

    /// <summary>The method has failed.</summary>
    public void Fail(Exception error) => running.Fail(error);

    /// <summary>Gives up everything of this use.</summary>
    public void Reset() => _progressCount = 0;

    private async ValueTask<bool> ReleaseAsync()
    {
        MemoryPackReader reader = BeginArguments();
        uint count = reader.ReadUnmanaged<uint>();
        EndArguments(ref reader);
        return await ReleaseCall.ServeAsync(call.Hub, call.Caller, call.Header.Object, count).ConfigureAwait(false);
    }

    private void WriteWithReferences<T>(T value, ResultWriter<T> writer)
    {
        OutgoingReferences? references;
        using (HubLock locked = call.Hub.Enter())
        {
            references = call.BeginReferences(locked, running.Exclusive);
        }

        if (references is null)
        {
            call.Answer.WriteNothing();
        }
        else
        {
            call.Answer.Write(value, writer, references);
        }
    }

    private InvalidOperationException NoTask() =>
        new($"{Name} returned null instead of a task: return Task.CompletedTask or Task.FromResult where nothing has to be awaited.");
}
