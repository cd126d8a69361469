using System.Net.Sockets;
using Mitogen.Toolkit.Network;

namespace Mitogen.Toolkit;

/// <summary>Connections that begin at one address and go on at another one, in another context.</summary>
/// <remarks>All members are safe for use by several threads at once.</remarks>
public sealed class PortForward : IAsyncDisposable
{
    private readonly IForwardEntry _entry;
    private readonly IForwardExit _exit;
    private readonly ForwardOptions _options;
    private readonly CancellationTokenSource _stopped = new();
    private readonly SemaphoreSlim _places;
    private readonly Task _accepting;
    private long _total;
    private long _failed;
    private long _open;
    private long _sent;
    private long _received;
    private int _disposed;

    private PortForward(IForwardEntry entry, IForwardExit exit, ForwardOptions options)
    {
        (_entry, _exit, _options) = (entry, exit, options);
        _places = new SemaphoreSlim(options.MaxConnections);
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where it listens; with the port that it got.</summary>
    public NetworkAddress Address => _entry.Address;

    /// <summary>How many connections are open.</summary>
    public long OpenConnections => Volatile.Read(ref _open);

    /// <summary>How many connections came, open ones and failed ones included.</summary>
    public long TotalConnections => Volatile.Read(ref _total);

    /// <summary>How many connections failed: the other address did not answer, or one side was reset.</summary>
    public long FailedConnections => Volatile.Read(ref _failed);

    /// <summary>The bytes that went from where it listens to the other address.</summary>
    public long BytesSent => Volatile.Read(ref _sent);

    /// <summary>The bytes that came back.</summary>
    public long BytesReceived => Volatile.Read(ref _received);

    /// <summary>
    /// Completes when it listens no more: in order after <see cref="DisposeAsync"/>, else with the reason, such as a <see cref="ContextLostException"/>.
    /// </summary>
    public Task Ended => _accepting;

    /// <summary>Listens no more, and resets the connections that are open.</summary>
    /// <returns>
    /// A task that completes when all are closed, or after <see cref="ForwardOptions.CloseTimeout"/>: a context that does not answer closes its side when
    /// the link to it is lost.
    /// </returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopped.CancelAsync().ConfigureAwait(false);
        try
        {
            await CloseAllAsync().WaitAsync(_options.CloseTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A context does not answer. What is here is closed, and what is there when the link to it is lost.
        }
    }

    internal static PortForward Start(IForwardEntry entry, IForwardExit exit, ForwardOptions? options)
    {
        options ??= new ForwardOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnections, 1);
        TimeBound.Check(options.DialTimeout, nameof(options.DialTimeout));
        TimeBound.Check(options.CloseTimeout, nameof(options.CloseTimeout), mayBeZero: true);
        return new PortForward(entry, exit, options);
    }

    private async Task CloseAllAsync()
    {
        await _entry.DisposeAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (int i = 0; i < _options.MaxConnections; i++)
        {
            await _places.WaitAsync().ConfigureAwait(false);
        }

        _places.Dispose();
        _stopped.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stopped.Token).ConfigureAwait(false);
                ForwardSide side;
                try
                {
                    side = await _entry.AcceptAsync(_stopped.Token).ConfigureAwait(false);
                }
                catch
                {
                    _ = _places.Release();
                    throw;
                }

                _ = ServeAsync(side);
            }
        }
        catch (Exception e) when (_stopped.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It was disposed.
        }
        catch
        {
            await _entry.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ServeAsync(ForwardSide near)
    {
        _ = Interlocked.Increment(ref _total);
        _ = Interlocked.Increment(ref _open);
        ForwardSide? far = null;
#pragma warning disable CA1031 // whatever it is, it is the end of one connection and of no other
        try
        {
            far = await _exit.OpenAsync(near, _options.DialTimeout, _stopped.Token).ConfigureAwait(false);
            using CancellationTokenSource broken = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
            Task there = CopyAsync(near, far, count => Interlocked.Add(ref _sent, count), broken);
            Task back = CopyAsync(far, near, count => Interlocked.Add(ref _received, count), broken);
            await Task.WhenAll(there, back).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await Task.WhenAll(near.ResetAsync(), far?.ResetAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            if (!_stopped.IsCancellationRequested)
            {
                _ = Interlocked.Increment(ref _failed);
                _options.OnFailure?.Invoke(e);
            }
        }
        finally
        {
            await near.CloseAsync().ConfigureAwait(false);
            await (far?.CloseAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            _ = Interlocked.Decrement(ref _open);
            _ = _places.Release();
        }
#pragma warning restore CA1031
    }

    private static async Task CopyAsync(ForwardSide from, ForwardSide to, Action<long> count, CancellationTokenSource broken)
    {
        try
        {
            await from.CopyToAsync(to, count, broken.Token).ConfigureAwait(false);
        }
        catch
        {
            await broken.CancelAsync().ConfigureAwait(false); // one direction alone would wait for ever
            throw;
        }
    }
}
