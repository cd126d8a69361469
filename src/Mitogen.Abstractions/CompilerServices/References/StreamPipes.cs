using System.IO.Pipelines;

namespace Mitogen.CompilerServices;

/// <summary>A pipe's reader over a stream that may be in another context. Completed with an exception, it fails the stream.</summary>
internal sealed class StreamPipeReader(Stream stream) : PipeReader
{
    private readonly PipeReader _inner = Create(stream);

    public override void AdvanceTo(SequencePosition consumed) => _inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override bool TryRead(out ReadResult result) => _inner.TryRead(out result);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => _inner.ReadAsync(cancellationToken);

    public override void Complete(Exception? exception = null)
    {
        Streams.Fail(stream, exception);
        _inner.Complete(exception);
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        await Streams.FailAsync(stream, exception).AsTask().ConfigureAwait(false); // as a task: it may be the user's
        await _inner.CompleteAsync(exception).ConfigureAwait(false);
    }
}

/// <summary>A pipe's writer over a stream that may be in another context. Completed with an exception, it fails the stream.</summary>
internal sealed class StreamPipeWriter(Stream stream) : PipeWriter
{
    private readonly PipeWriter _inner = Create(stream);

    public override bool CanGetUnflushedBytes => _inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => _inner.UnflushedBytes;

    public override void Advance(int bytes) => _inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => _inner.CancelPendingFlush();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        _inner.WriteAsync(source, cancellationToken);

    public override void Complete(Exception? exception = null)
    {
        Streams.Fail(stream, exception);
        _inner.Complete(exception);
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        await Streams.FailAsync(stream, exception).AsTask().ConfigureAwait(false); // as a task: it may be the user's
        await _inner.CompleteAsync(exception).ConfigureAwait(false);
    }
}

/// <summary>Tells a stream of a failure before it is closed.</summary>
file static class Streams
{
    public static ValueTask FailAsync(Stream stream, Exception? error) =>
        error is not null && stream is IFailableStream failable ? failable.FailAsync(error) : default;

    public static void Fail(Stream stream, Exception? error)
    {
        if (error is not null && stream is IFailableStream failable)
        {
            failable.FailAsync(error).AsTask().GetAwaiter().GetResult();
        }
    }
}
