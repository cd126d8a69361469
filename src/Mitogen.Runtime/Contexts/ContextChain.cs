namespace Mitogen.Contexts;

/// <summary>The last context of a chain, together with the ones before it that were started for it alone: all of them end with it.</summary>
internal sealed class ContextChain : IRemoteContext
{
    private readonly IRemoteContext _first;
    private readonly IRemoteContext _last;
    private readonly Lazy<Task> _end;

    private ContextChain(IRemoteContext first, IRemoteContext last)
    {
        _first = first;
        _last = last;
        _end = new Lazy<Task>(EndCoreAsync);

        // The end that a loss begins is the one that everybody waits for; nobody else is told how it went.
        _ = last.Disconnected.UnsafeRegister(static chain => _ = ((ContextChain)chain!)._end.Value, this);
    }

    public string Name => _last.Name;

    public uint Id => _last.Id;

    public IRemoteContext? Parent => _last.Parent;

    public IReadOnlyList<IRemoteContext> Children => _last.Children;

    public ContextInfo Info => _last.Info;

    public CancellationToken Disconnected => _last.Disconnected;

    public DisconnectReason? DisconnectReason => _last.DisconnectReason;

    /// <summary>Starts each connection from the one before it, the first from <paramref name="from"/>.</summary>
    public static async Task<IRemoteContext> ConnectAsync(IRemoteContext from, IReadOnlyList<Connection> chain, CancellationToken cancellationToken)
    {
        IRemoteContext first = await from.ConnectAsync(chain[0], cancellationToken).ConfigureAwait(false);
        IRemoteContext last = first;
        try
        {
            foreach (Connection connection in chain.Skip(1))
            {
                last = await last.ConnectAsync(connection, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await first.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return last == first ? first : new ContextChain(first, last);
    }

    /// <summary>As <see cref="ConnectAsync(IRemoteContext, IReadOnlyList{Connection}, CancellationToken)"/>, without waiting.</summary>
    public static IRemoteContext Through(IRemoteContext from, IReadOnlyList<Connection> chain)
    {
        IRemoteContext first = from.Through(chain[0]);
        IRemoteContext last = first;
        try
        {
            foreach (Connection connection in chain.Skip(1))
            {
                last = last.Through(connection);
            }
        }
        catch
        {
            // Nothing of it was seen by anybody: the end goes on by itself.
            _ = first.DisposeAsync().AsTask();
            throw;
        }

        return last == first ? first : new ContextChain(first, last);
    }

    public T Get<T>()
        where T : class => _last.Get<T>();

    public T Get<T>(CallOptions options)
        where T : class => _last.Get<T>(options);

    public Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default) =>
        _last.ConnectAsync(connection, cancellationToken);

    public IRemoteContext Through(Connection connection) => _last.Through(connection);

    public Task PingAsync(CancellationToken cancellationToken = default) => _last.PingAsync(cancellationToken);

    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default) => new(_end.Value.WaitAsync(cancellationToken));

    public ValueTask DisposeAsync() => new(_end.Value);

    public override string? ToString() => _last.ToString();

    /// <summary>The last one has its grace before the others begin theirs.</summary>
    private async Task EndCoreAsync()
    {
        await _last.DisposeAsync().ConfigureAwait(false);
        await _first.DisposeAsync().ConfigureAwait(false);
    }
}
