using System.IO.Pipelines;

namespace Mitogen.CompilerServices;

/// <summary>A stream of bytes that can end with a failure, which whoever has its other end hears of.</summary>
internal interface IFailableStream
{
    /// <summary>Closes the stream, not in order but because of a failure.</summary>
    ValueTask FailAsync(Exception error);
}

/// <summary>One end of a pipe as a stream, as it is when it is passed to another context. Unlike that of the framework it can fail.</summary>
/// <param name="inner">The end as the framework shows it.</param>
/// <param name="complete">Completes the end with a failure.</param>
internal sealed class PipeStream(Stream inner, Func<Exception, ValueTask> complete) : Stream, IFailableStream
{
    public PipeStream(PipeReader reader)
        : this(reader.AsStream(), reader.CompleteAsync)
    {
    }

    public PipeStream(PipeWriter writer)
        : this(writer.AsStream(), writer.CompleteAsync)
    {
    }

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public ValueTask FailAsync(Exception error) => complete(error);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
