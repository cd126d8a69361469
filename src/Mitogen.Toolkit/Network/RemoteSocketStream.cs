namespace Mitogen.Toolkit;

/// <summary>A connection of another context as one stream: for one reader and one writer at a time.</summary>
/// <remarks>To dispose it sends what was written and closes the connection. One that is forgotten is closed when the garbage collector finds it.</remarks>
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

    /// <inheritdoc/>
    public override bool CanRead => _disposed == 0;

    /// <inheritdoc/>
    public override bool CanWrite => _disposed == 0;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("A connection has no length.");

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException("A connection has no position.");
        set => throw new NotSupportedException("A connection has no position.");
    }

    /// <summary>Sends what was written and then the end (FIN). Reading goes on.</summary>
    /// <returns>A task that completes when the end was sent.</returns>
    public async Task CloseWritingAsync()
    {
        await _halves.Output.FlushAsync().ConfigureAwait(false);
        await _halves.Output.DisposeAsync().ConfigureAwait(false);
    }

#pragma warning disable RS0027 // the overloads are those of Stream
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _halves.Input.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _halves.Input.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => _halves.Input.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _halves.Output.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _halves.Output.WriteAsync(buffer, offset, count, cancellationToken);

#pragma warning restore RS0027

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _halves.Output.Write(buffer, offset, count);

    /// <summary>Does nothing: what was written is on its way.</summary>
    public override void Flush()
    {
    }

    /// <summary>Does nothing: what was written is on its way.</summary>
    /// <param name="cancellationToken">Not used.</param>
    /// <returns>A completed task.</returns>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection has no position.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("A connection has no length.");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            try
            {
                await _halves.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ContextLostException or System.Net.Sockets.SocketException)
            {
                // The other side reset it, or the context is gone: it is closed either way.
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _disposed == 0)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }
}
