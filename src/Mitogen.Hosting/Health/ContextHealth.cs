using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mitogen.Hosting;

/// <summary>Looks at contexts in one way.</summary>
internal sealed class ContextHealth(MitogenHealthOptions options, TimeProvider time)
{
    /// <summary>Looks at a context that has a name.</summary>
    public Task<HealthCheckResult> CheckAsync(NamedContext context, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
        if (options.StartContexts)
        {
            return PingAsync(context, failureStatus, cancellationToken);
        }

        return context.Look() switch
        {
            null => Task.FromResult(HealthCheckResult.Healthy("not started")),
            { Failure: { } failure } => Task.FromResult(Gone(context, failureStatus, failure.Message, failure)),
            { Started: { DisconnectReason: { } reason } } => Task.FromResult(Gone(context, failureStatus, reason.ToString(), null)),
            { Started.Id: > 0 and var _ } run => PingAsync(run.Started!, failureStatus, cancellationToken),
            _ => Task.FromResult(HealthCheckResult.Healthy("starting")),
        };
    }

    /// <summary>Asks a context for a sign of life.</summary>
    public async Task<HealthCheckResult> PingAsync(IRemoteContext context, HealthStatus failureStatus, CancellationToken cancellationToken)
    {
#pragma warning disable CA1031 // whatever is wrong is the result of the check
        try
        {
            if (options.PingTimeout > TimeSpan.Zero)
            {
                await context.PingAsync(cancellationToken).WaitAsync(options.PingTimeout, time, cancellationToken).ConfigureAwait(false);
            }

            return context.DisconnectReason is { } reason ? new HealthCheckResult(failureStatus, reason.ToString()) : HealthCheckResult.Healthy("up");
        }
        catch (TimeoutException)
        {
            return new HealthCheckResult(failureStatus, $"It has not answered for {options.PingTimeout.TotalSeconds:0.###} seconds (PingTimeout).");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(failureStatus, e.Message, e);
        }
#pragma warning restore CA1031
    }

    private static HealthCheckResult Gone(NamedContext context, HealthStatus failureStatus, string reason, Exception? error)
    {
        TimeSpan left = context.RetryIn;
        string next = left > TimeSpan.Zero ? $"Its next use after {left.TotalSeconds:0.#} seconds starts it anew." : "Its next use starts it anew.";
        return new HealthCheckResult(failureStatus, $"{reason} {next}", error);
    }
}
