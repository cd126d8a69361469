using Mitogen.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// A stream of bytes that is in another context. Reading draws from one call there, writing is drawn from there by one call; both
/// begin with their first use, and both keep the pace of the slower side. Disposing it lets go of the stream over there. As all that blocks,
/// its blocking members need no pool thread.
/// </summary>
internal sealed class RemoteStream(ObjectCallTarget target) : Stream, IFailableStream, IForgotten
{
    private ByteReader? _reader;
    private ByteWriter? _writer;
    private bool _disposed;

#pragma warning disable MA0055 // the other context cannot know that nobody reads or writes any more
    ~RemoteStream()
    {
        // One whose disposal failed was not forgotten.
        if (!_disposed)
        {
            target.Endpoint.Hub.Forgotten.Add(this);
        }
    }
#pragma warning restore MA0055

    public override bool CanRead => !_disposed && (target.Tag & StreamContract.CanRead) != 0;

    public override bool CanWrite => !_disposed && (target.Tag & StreamContract.CanWrite) != 0;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("A stream in another context does not tell its length.");

    public override long Position
    {
        get => throw new NotSupportedException("A stream in another context has no position.");
        set => throw new NotSupportedException("A stream in another context has no position.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Reader().ReadAsync(buffer, cancellationToken).ConfigureAwait(false);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => Reader().Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Writer().WriteAsync(buffer, cancellationToken).ConfigureAwait(false);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => Writer().Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

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
        try
        {
            await CloseAsync(null).ConfigureAwait(false);
        }
        finally
        {
            GC.SuppressFinalize(this);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until everything that was written is there, and tells of the failure over there, which closes the stream.</summary>
    public async ValueTask FailAsync(Exception error)
    {
        try
        {
            await CloseAsync(error).ConfigureAwait(false);
        }
        finally
        {
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>On a pool thread: the stream was forgotten. Its calls over there end, and the stream is let go of.</summary>
    public void LetGo()
    {
        _reader?.Close();
        _ = _writer?.GiveUpAsync(new IOException("The stream was forgotten by its writer before it was disposed."));
        target.Forget();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            CloseBlocking();
        }

        base.Dispose(disposing);
    }

    private ByteReader Reader()
    {
        Check(CanRead, "read");
        return _reader ??= new ByteReader(target);
    }

    private ByteWriter Writer()
    {
        Check(CanWrite, "written");
        return _writer ??= new ByteWriter(target);
    }

    // Named as users know it, and not by this type.
    private ObjectDisposedException Disposed() => new(target.ToString());

    private void Check(bool can, string what)
    {
        if (_disposed)
        {
            throw Disposed();
        }

        if (!can)
        {
            throw new NotSupportedException($"{target} cannot be {what}.");
        }
    }

    private async ValueTask CloseAsync(Exception? error)
    {
        bool first = !_disposed;
        _disposed = true;
        try
        {
            _reader?.Close();
            if (first && _writer is not null)
            {
                await _writer.EndAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (first)
            {
                await CloseThereAsync(error).ConfigureAwait(false);
            }
        }
    }

    /// <summary>As <see cref="CloseAsync"/>, by blocking calls.</summary>
    private void CloseBlocking()
    {
        _disposed = true;
        try
        {
            _reader?.Close();
            _writer?.End();
        }
        finally
        {
            try
            {
                _ = target.Begin<NoResult>(StreamContract.Close, null).Invoke(CancellationToken.None);
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
    }

    /// <summary>Closes the stream over there, and lets go of it.</summary>
    private async Task CloseThereAsync(Exception? error)
    {
        try
        {
            ValueTask closing = error is null
                ? target.Begin<NoResult>(StreamContract.Close, null).InvokeVoidAsync(CancellationToken.None)
                : StreamContract.SendFailure(target, error);
            await closing.ConfigureAwait(false);
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
}
