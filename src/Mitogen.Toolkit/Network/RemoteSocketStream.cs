namespace Mitogen.Toolkit;

/// <summary>A connection of another context as one stream: for one reader and one writer at a time.</summary>
/// <remarks>To dispose it sends what was written and closes the connection; <see cref="ResetAsync"/> gives it up. One that is forgotten is closed when the garbage collector finds it.</remarks>
public sealed class RemoteSocketStream : Stream
{
    private readonly SocketHalves _halves;
    private int _disposed;

    /// <summary>Makes one stream of two.</summary>
    /// <param name="halves">The two, which this one owns from now on.</param>
    public RemoteSocketStream(SocketHalves halves)
    {
        ArgumentNullException.ThrowIfNull(halves);
        _halves = halves;
    }

    /// <summary>The address of this side, in the context.</summary>
    public NetworkAddress LocalAddress => _halves.Local;

    /// <summary>The address of the other side.</summary>
    public NetworkAddress RemoteAddress => _halves.Remote;

    /// <summary>Whether it is open.</summary>
    public override bool CanRead => _disposed == 0;

    /// <summary>Whether it is open.</summary>
    public override bool CanWrite => _disposed == 0;

    /// <summary>False: a connection has no position.</summary>
    public override bool CanSeek => false;

    /// <summary>Not there: a connection has no length.</summary>
    public override long Length => throw new NotSupportedException("A connection has no length.");

    /// <summary>Not there: a connection has no position.</summary>
    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    /// <summary>
    /// Closes the connection by a reset (RST), for whoever gives up half-way: the other side does not take what it got for all there is, and nothing is
    /// waited for that it did not read.
    /// </summary>
    /// <returns>A task that completes when it is closed. It never fails: the connection may have been reset by the other side, or be lost with its context.</returns>
    public async Task ResetAsync()
    {
        if (_disposed == 0)
        {
            try
            {
                await _halves.Control.ResetAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is ContextLostException or ObjectDisposedException)
            {
                // It is gone with its context, or is being disposed.
            }

            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends what was written and then the end (FIN). Reading goes on.</summary>
    /// <returns>A task that completes when the end was sent.</returns>
    public async Task CloseWritingAsync()
    {
        await _halves.Output.FlushAsync().ConfigureAwait(false);
        await _halves.Output.DisposeAsync().ConfigureAwait(false);
    }

#pragma warning disable RS0027 // the overloads are those of Stream
    /// <summary>Reads what has come, or waits for it; 0 bytes are the end.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _halves.Input.ReadAsync(buffer, cancellationToken);

    /// <summary>Reads what has come, or waits for it; 0 bytes are the end.</summary>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _halves.Input.ReadAsync(buffer, offset, count, cancellationToken);

    /// <summary>Reads what has come, or blocks until something does; 0 bytes are the end.</summary>
    public override int Read(byte[] buffer, int offset, int count) => _halves.Input.Read(buffer, offset, count);

    /// <summary>Sends bytes; waits while the other side takes none.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _halves.Output.WriteAsync(buffer, cancellationToken);

    /// <summary>Sends bytes; waits while the other side takes none.</summary>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _halves.Output.WriteAsync(buffer, offset, count, cancellationToken);

#pragma warning restore RS0027

    /// <summary>Sends bytes; blocks while the other side takes none.</summary>
    public override void Write(byte[] buffer, int offset, int count) => _halves.Output.Write(buffer, offset, count);

    /// <summary>Does nothing: what was written is on its way.</summary>
    public override void Flush()
    {
    }

    /// <summary>Does nothing: what was written is on its way.</summary>
    /// <param name="cancellationToken">Not used.</param>
    /// <returns>A completed task.</returns>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not possible: a connection has no position.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection has no position.");

    /// <summary>Not possible: a connection has no length.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

    /// <summary>Sends what was written, and closes the connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            try
            {
                await _halves.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ContextLostException or ObjectDisposedException or OperationCanceledException
                or System.Net.Sockets.SocketException)
            {
                // It was reset, or the context is gone: it is closed either way.
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The same, blocking.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _disposed == 0)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }
}
