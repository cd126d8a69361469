namespace Mitogen.Calls;

/// <summary>
/// The items of an exclusive service: the service is held while the next one is made, and free between them, so that who reads them may
/// call the service meanwhile.
/// </summary>
internal sealed class ExclusiveItems<T>(IAsyncEnumerator<T> items, ExclusiveGate gate, IExclusiveEntry call, CancellationToken cancellationToken)
    : IAsyncEnumerator<T>
{
    public T Current => items.Current;

    public static async ValueTask<IAsyncEnumerator<T>> BeginAsync(
        IAsyncEnumerable<T> items, ExclusiveGate gate, IExclusiveEntry call, CancellationToken cancellationToken)
    {
        await gate.EnterAsync(call.Chain, call.MayJoin).ConfigureAwait(false);
        try
        {
            return new ExclusiveItems<T>(items.GetAsyncEnumerator(cancellationToken), gate, call, cancellationToken);
        }
        finally
        {
            gate.Leave();
        }
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        await gate.EnterAsync(call.Chain, call.MayJoin).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested(); // it may have waited for long
            return await items.MoveNextAsync().Guarded();
        }
        finally
        {
            gate.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gate.EnterAsync(call.Chain, call.MayJoin).ConfigureAwait(false);
        try
        {
            await items.DisposeAsync().Guarded();
        }
        finally
        {
            gate.Leave();
        }
    }
}
