namespace Mitogen.Toolkit;

/// <summary>What goes beyond one call of <see cref="ISystem"/>.</summary>
public static class SystemExtensions
{
    /// <summary>Restarts the machine or container of a context, and starts a context there again.</summary>
    /// <param name="context">A context there. It is lost, and so are its proxies, whose calls fail with <see cref="ContextLostException"/>.</param>
    /// <param name="connect">Starts the new context. It is called until it succeeds and the machine has started anew.</param>
    /// <param name="options">The times; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new context.</returns>
    /// <exception cref="TimeoutException">The machine did not go down, or did not come back in time; the last failure of <paramref name="connect"/> is
    /// inside.</exception>
    /// <exception cref="UnauthorizedAccessException">The context is not root, or its container may not do that; it remains usable.</exception>
    public static async Task<IRemoteContext> RestartAsync(
        this IRemoteContext context,
        Func<CancellationToken, Task<IRemoteContext>> connect,
        RestartOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(connect);
        options ??= new RestartOptions();
        TimeBound.Check(options.Timeout, nameof(options.Timeout));
        TimeBound.Check(options.RetryDelay, nameof(options.RetryDelay), mayBeZero: true);
        ISystem system = context.Get<ISystem>();
        string before = (await system.GetFactsAsync(cancellationToken).ConfigureAwait(false)).BootId;
        try
        {
            await system.RebootAsync(RebootKind.Restart, cancellationToken).ConfigureAwait(false);
        }
        catch (ContextLostException)
        {
            // It went before it could answer.
        }

        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(options.Timeout);
        Exception? last = null;
        try
        {
            await WaitForEndAsync(context, late.Token).ConfigureAwait(false);
            while (true)
            {
                try
                {
                    IRemoteContext again = await connect(late.Token).ConfigureAwait(false);
                    bool isNew = false;
                    try
                    {
                        isNew = (await again.Get<ISystem>().GetFactsAsync(late.Token).ConfigureAwait(false)).BootId != before;
                    }
                    finally
                    {
                        if (!isNew)
                        {
                            await again.DisposeAsync().ConfigureAwait(false); // it was still going down, or does not tell
                        }
                    }

                    if (isNew)
                    {
                        return again;
                    }
                }
                catch (Exception e) when (e is BootstrapException or ContextLostException)
                {
                    last = e;
                }

                await Task.Delay(options.RetryDelay, late.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string what = context.DisconnectReason is null ? "did not go down" : "did not come back";
            throw new TimeoutException($"{context} {what} within {options.Timeout} after the order to restart.", last);
        }
    }

    private static async Task WaitForEndAsync(IRemoteContext context, CancellationToken cancellationToken)
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.Disconnected.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), gone).ConfigureAwait(false))
        {
            await gone.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>The times of a restart. Immutable.</summary>
public sealed record RestartOptions
{
    /// <summary>How long the machine may take to be there again. Default: 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The time between two tries to connect. Default: 2 seconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);
}
