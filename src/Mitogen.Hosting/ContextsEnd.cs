using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mitogen.Hosting;

/// <summary>Ends the contexts with the host, when all that may use them has stopped.</summary>
internal sealed partial class ContextsEnd(NamedContexts contexts, IServiceProvider services, ILogger<ContextsEnd> logger) : IHostedLifecycleService
{
    // None where somebody else owns the root. Asked for now: while a host stops, its services may be disposed already.
    private readonly MitogenRoot? _root = services.GetService<MitogenRoot>();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <param name="cancellationToken">Says that the host's time to stop is over. The end goes on, and whoever disposes the services waits for it.</param>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        Task end = EndAsync();
        await end.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (end.IsCompleted)
        {
            await end.ConfigureAwait(false);
        }
        else
        {
            NotInTime(logger);
        }
    }

    private async Task EndAsync()
    {
        await contexts.EndAsync().ConfigureAwait(false);
        if (_root is not null)
        {
            await _root.ShutdownAsync().ConfigureAwait(false);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The contexts have not ended within the host's ShutdownTimeout. Their end goes on, within their grace periods.")]
    private static partial void NotInTime(ILogger logger);
}
