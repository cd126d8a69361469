namespace Mitogen.Calls;

/// <summary>
/// The items of an exclusive service: the service is held while the next one is made, and free between them, so that who reads them may
/// call the service meanwhile.
/// </summary>
internal sealed class ExclusiveItems<T>(IAsyncEnumerator<T> items, ExclusiveGate gate, ChainId chain, CancellationToken cancellationToken)
    : IAsyncEnumerator<T>
{
    public T Current => items.Current;

    public static async ValueTask<IAsyncEnumerator<T>> BeginAsync(
        IAsyncEnumerable<T> items, ExclusiveGate gate, ChainId chain, CancellationToken cancellationToken)
    {
        await gate.EnterAsync(chain).ConfigureAwait(false);
        try
        {
            return new ExclusiveItems<T>(items.GetAsyncEnumerator(cancellationToken), gate, chain, cancellationToken);
        }
        finally
        {
            gate.Leave();
        }
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        await gate.EnterAsync(chain).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested(); // it may have waited for long
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        finally
        {
            gate.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gate.EnterAsync(chain).ConfigureAwait(false);
        try
        {
            await items.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            gate.Leave();
        }
    }
}
