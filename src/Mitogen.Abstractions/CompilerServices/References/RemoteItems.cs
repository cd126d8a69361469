using System.ComponentModel;

namespace Mitogen.CompilerServices;

/// <summary>A stream of items that another context produces. For generated code and the runtime only.</summary>
/// <typeparam name="T">An item's type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RemoteItems<T> : IAsyncEnumerable<T>
{
    private readonly Func<CancellationToken, IAsyncEnumerator<T>> _start;
    private readonly CancellationToken _cancellationToken;
    private readonly CallTarget? _once;
    private int _started;

    /// <summary>Creates a stream by a call: each enumeration makes it anew.</summary>
    /// <param name="start">Makes the call.</param>
    /// <param name="cancellationToken">The token that the method's caller passed.</param>
    public RemoteItems(Func<CancellationToken, IAsyncEnumerator<T>> start, CancellationToken cancellationToken)
    {
        _start = start;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Creates a stream that came by reference: it is enumerated once, and let go of then.</summary>
    internal RemoteItems(CallTarget target, RemoteMethod read, ResultReader<T> reader)
    {
        _once = target;
        _start = token => target.Begin(read, reader).Enumerate(token);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The stream came by reference and was enumerated before.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (_once is not null && Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException(
                $"{_once} was enumerated before: a stream of items that was passed between contexts is read once. Pass a list, or a contract with a method that returns the stream.");
        }

        CancellationTokenSource? both = _cancellationToken.CanBeCanceled && cancellationToken.CanBeCanceled && _cancellationToken != cancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken, cancellationToken)
            : null;
        CancellationToken token = both?.Token ?? (cancellationToken.CanBeCanceled ? cancellationToken : _cancellationToken);
        try
        {
            IAsyncEnumerator<T> items = _start(token);
            return both is null && _once is null ? items : new Owning(items, both, _once);
        }
        catch
        {
            both?.Dispose();
            throw;
        }
    }

    /// <summary>An enumerator that takes something along when it is disposed.</summary>
    private sealed class Owning(IAsyncEnumerator<T> items, CancellationTokenSource? tokens, CallTarget? target) : IAsyncEnumerator<T>
    {
        public T Current => items.Current;

        public ValueTask<bool> MoveNextAsync() => items.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await items.DisposeAsync().ConfigureAwait(false);
            tokens?.Dispose();
            if (target is not null)
            {
                await target.ReleaseAsync().ConfigureAwait(false);
            }
        }
    }
}
