using MemoryPack;
using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <content>The method that serves the call, on a pool thread or a thread of its own. User code runs here.</content>
internal sealed partial class ServedCall : IThreadPoolWorkItem
{
    private ServiceTarget _target = null!;
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

    /// <summary>Whether the method wants a thread of its own.</summary>
    public bool IsBlocking => _method!.IsBlocking;

    /// <summary>Finds out what is called. If nothing is, the call ends here.</summary>
    /// <param name="known">What the calls before it on the same key found.</param>
    public bool Prepare(ref ServiceTarget? known)
    {
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
        _method = null;
        try
        {
            _target = known ??= hub.Host.Resolve(_caller, _header.Contract);
            _method = _target.Contract.FindMethod(_header.Method) ?? throw new NotSupportedException(
                $"{_target.Contract.Name} in context '{hub.Host.Path}' has no method {_header.Method:x8}: do both sides run the same build?");
            return true;
        }
        catch (Exception e)
        {
            Fail(e);
            return false;
        }
#pragma warning restore CA1031
    }

    /// <summary>Runs the method.</summary>
    public void Execute()
    {
#pragma warning disable CA1031 // whatever it is, it is the call's outcome
        try
        {
            _target.Contract.Dispatch(_target.GetInstance(), _method!.Index, this);
        }
        catch (Exception e)
        {
            Fail(e);
        }
#pragma warning restore CA1031
    }

    public override MemoryPackReader BeginArguments() => new(_arguments.Buffer.WrittenSpan, MemoryPackReaderOptionalStatePool.Rent(null));

    public override void EndArguments(ref MemoryPackReader reader)
    {
        long left = reader.Remaining;
        reader.Dispose();
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
        if (_method is { IsOneWay: true })
        {
            hub.Host.OnOneWayFailed(_method, error);
        }

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
