using System.IO.Pipelines;
using MemoryPack;
using Mitogen.CompilerServices;
using PayloadCode = Mitogen.CompilerServices.Payload;

namespace Mitogen.Calls;

/// <summary>
/// A stream of bytes that is in another context. Reading draws from one call there, writing is drawn from there by one call; both
/// begin with their first use, and both keep the pace of the slower side. Disposing it lets go of the stream over there.
/// </summary>
internal sealed class RemoteStream(ObjectCallTarget target) : Stream
{
    // What a writer may run ahead of the call that takes its bytes away.
    private static readonly PipeOptions s_pipe = new(
        pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    private ByteReader? _reader;
    private Pipe? _pipe;
    private Task? _writing;
    private bool _disposed;

    public override bool CanRead => !_disposed && (target.Tag & StreamContract.CanRead) != 0;

    public override bool CanWrite => !_disposed && (target.Tag & StreamContract.CanWrite) != 0;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("A stream in another context does not tell its length.");

    public override long Position
    {
        get => throw new NotSupportedException("A stream in another context has no position.");
        set => throw new NotSupportedException("A stream in another context has no position.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check(CanRead, "read");
        _reader ??= new ByteReader(PendingCall<NoResult>.Rent(), target);
        return await _reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check(CanWrite, "written");
        PipeWriter writer = BeginWriting();
        while (!buffer.IsEmpty)
        {
            // In pieces, so that the pipe's bound holds for large writes too.
            int count = Math.Min(buffer.Length, 64 * 1024);
            FlushResult result = await writer.WriteAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
            if (result.IsCompleted)
            {
                // Whatever ended the call ends the writing.
                await _writing!.ConfigureAwait(false);
                throw new IOException($"{target} does not take bytes any more: its stream was closed over there.");
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Does nothing: what was written is on its way. That it arrived is told by <see cref="DisposeAsync"/>.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A stream in another context has no position.");

    public override void SetLength(long value) => throw new NotSupportedException("A stream in another context keeps its length.");

    /// <summary>Waits until everything that was written is there, and closes the stream over there.</summary>
    public override async ValueTask DisposeAsync()
    {
        bool first = !_disposed;
        _disposed = true;
        try
        {
            _reader?.Close();
            if (first && _writing is not null)
            {
                await _pipe!.Writer.CompleteAsync().ConfigureAwait(false);
                await _writing.ConfigureAwait(false);
            }
        }
        finally
        {
            if (first)
            {
                await CloseAsync().ConfigureAwait(false);
            }

            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private void Check(bool can, string what)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!can)
        {
            throw new NotSupportedException($"{target} cannot be {what}.");
        }
    }

    private PipeWriter BeginWriting()
    {
        if (_pipe is null)
        {
            _pipe = new Pipe(s_pipe);
            _writing = SendAsync(_pipe.Reader);
        }

        return _pipe.Writer;
    }

    /// <summary>Closes the stream over there, and lets go of it.</summary>
    private async Task CloseAsync()
    {
        try
        {
            await target.Begin<NoResult>(StreamContract.Close, null).InvokeVoidAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (ContextLostException)
        {
            // It is gone with its context.
        }
        finally
        {
            target.Forget();
        }
    }

    private async Task SendAsync(PipeReader source)
    {
        try
        {
            OutgoingCall<NoResult> call = target.Begin<NoResult>(StreamContract.Write, null);
            try
            {
                MemoryPackWriter<CallBuffer> writer = call.BeginArguments();
                PayloadCode.Write(ref writer, ByteStreamFormatters.Stream, source.AsStream());
                call.EndArguments(ref writer);
            }
            catch (Exception e)
            {
                throw call.Refuse(e);
            }

            await call.InvokeVoidAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            await source.CompleteAsync().ConfigureAwait(false);
        }
    }
}
