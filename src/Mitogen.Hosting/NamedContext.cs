namespace Mitogen.Hosting;

/// <summary>
/// A context that an application knows by name. It starts at its first use, and at the next one after it was lost; until it is up, calls wait in
/// the context itself. What was got before a loss (objects, streams, promises) is lost; proxies got by <see cref="Get{T}()"/> are not.
/// </summary>
internal sealed class NamedContext(string name, RemoteCatalog catalog, ContextStarts starts) : IRemoteContext, IDisposable
{
    private static readonly DisconnectReason s_ended = new(DisconnectKind.Disposed, "The application has ended it.");

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disconnected = new(); // without a timer or a handle: nothing to dispose
    private readonly RestartDelay _delay = new(starts.Time);        // under _lock
    private ContextRun? _run;                                       // under _lock
    private Task? _end;                                             // under _lock

    public string Name => name;

    public uint Id => Look()?.Started?.Id ?? 0;

    public IRemoteContext? Parent => Look()?.Started?.Parent ?? starts.Root;

    public IReadOnlyList<IRemoteContext> Children => Look()?.Started?.Children ?? [];

    public ContextInfo Info => Look()?.Started?.Info ?? throw new InvalidOperationException($"Context '{name}' is not up: its Info is not known.");

    /// <summary>Is cancelled when the application ends it, and not by a loss: it comes back after that.</summary>
    public CancellationToken Disconnected => _disconnected.Token;

    public DisconnectReason? DisconnectReason
    {
        get
        {
            lock (_lock)
            {
                return _end is null ? null : s_ended;
            }
        }
    }

    /// <summary>How long calls still fail before one of them starts it again.</summary>
    public TimeSpan RetryIn
    {
        get
        {
            lock (_lock)
            {
                return _delay.Left;
            }
        }
    }

    public T Get<T>()
        where T : class => Follow<T>(null);

    public T Get<T>(CallOptions options)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = starts.Root.Get<T>(options); // it knows which options there are
        return Follow<T>(options);
    }

    public Task<IRemoteContext> ConnectAsync(Connection connection, CancellationToken cancellationToken = default) =>
        Present().ConnectAsync(connection, cancellationToken);

    public IRemoteContext Through(Connection connection) => Present().Through(connection);

    public Task PingAsync(CancellationToken cancellationToken = default) => Present().PingAsync(cancellationToken);

    /// <summary>Ends what runs now. The next use starts it anew.</summary>
    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default)
    {
        if (Look() is not { Started: { } context } run)
        {
            return default;
        }

        run.IsEndWanted = true;
        return context.ShutdownAsync(cancellationToken);
    }

    /// <summary>Ends it for good.</summary>
    public ValueTask DisposeAsync() => new(EndAsync());

    public void Dispose() => EndAsync().GetAwaiter().GetResult(); // it is on the pool

    public override string ToString() => name;

    /// <summary>The present run; <see langword="null"/> before the first use.</summary>
    public ContextRun? Look()
    {
        lock (_lock)
        {
            return _run;
        }
    }

    /// <summary>The context to call now. It is started if it is not, or not any more, and if there was time enough since it failed.</summary>
    /// <returns>A context that may not be up yet, or may be gone: then its calls fail with the reason.</returns>
    /// <exception cref="ContextLostException">The application has ended it before anybody used it.</exception>
    public IRemoteContext Present()
    {
        ContextRun run = Take();
        try
        {
            return run.Context;
        }
        catch
        {
            Note(run);
            throw;
        }
    }

    /// <summary>Ends it, once: it does not start again. On the pool, because a start that is being made is waited for.</summary>
    public Task EndAsync()
    {
        lock (_lock)
        {
            ContextRun? run = _run;
            return _end ??= Task.Run(() => EndCoreAsync(run));
        }
    }

    private T Follow<T>(CallOptions? options)
        where T : class => catalog.Find<T>().CreateProxy(new FollowingTarget<T>(this, options));

    private ContextRun Take()
    {
        if (Look() is { IsOver: true } over)
        {
            Note(over); // the word of its end may still be under way
        }

        lock (_lock)
        {
            if (_run is null && _end is not null)
            {
                throw new ContextLostException(name, s_ended);
            }

            return _run is null || (_run.IsOver && _end is null && _delay.Left == TimeSpan.Zero) ? _run = starts.Prepare(Note) : _run;
        }
    }

    /// <summary>Takes note of a run's end, once.</summary>
    private void Note(ContextRun run)
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (run.IsNoted)
            {
                return;
            }

            run.IsNoted = true;
            _delay.Begin(run);
            if (_end is not null)
            {
                return;
            }

            wait = _delay.Left;
        }

        starts.LogEnd(run, wait);
    }

    /// <summary>The context of a run, when another thread has made its start.</summary>
    private static IRemoteContext? WaitForStart(ContextRun run)
    {
#pragma warning disable CA1031 // who made the start was told why there is none
        try
        {
            return run.Context;
        }
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
    }

    private async Task EndCoreAsync(ContextRun? run)
    {
        if (run is not null && WaitForStart(run) is { } context)
        {
            await context.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            await _disconnected.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            starts.LogCallbackFailure(e);
        }
    }
}
