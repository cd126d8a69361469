using MemoryPack;
using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <content>Calls with more to them than a result: progress, streams and promises.</content>
internal sealed partial class PendingCall<T>
{
    public override void WriteProgress<TReport>(
        ref MemoryPackWriter<CallBuffer> writer, IProgress<TReport>? progress, ResultReader<TReport> reader)
    {
        writer.WriteUnmanaged(progress is not null);
        _reports ??= new ProgressReports(_core, this);
        _reports.Add(progress is null ? null : part => progress.Report(Messages.Read(part.Buffer.WrittenSpan, reader)));
    }

    public override IAsyncEnumerator<T> Enumerate(CancellationToken cancellationToken) =>
        new ItemReader<T>(this, Stream(cancellationToken), _reader!);

    public override CallTarget Promise()
    {
        using (HubLock locked = _core.Hub.Enter())
        {
            _core.Parts.Promise = _core.Parts.Endpoint.Objects.NextPromise(locked);
        }

        PromiseCallTarget promise = new(_core.Parts.Target, _core.Parts.Method, _core.Parts.Promise);
        _core.Parts.Promised = promise;
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
            using (HubLock locked = _core.Hub.Enter())
            {
                _core.Fail(locked, new OperationCanceledException(cancellationToken));
            }
        }
        else
        {
            Start(cancellationToken);
        }

        return parts;
    }

    /// <summary>Ends a stream's call because its reader gave up.</summary>
    public void Abandon(CancellationToken cancellationToken) => _core.Cancel(cancellationToken);

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
        using (HubLock locked = _core.Hub.Enter())
        {
            _parts?.Clear(locked);
        }

        Release();
    }
}
