using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mitogen.Hosting;

/// <summary>Whether a context that has a name can be used.</summary>
internal sealed class ContextHealthCheck(NamedContext named, ContextHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        health.CheckAsync(named, context.Registration.FailureStatus, cancellationToken);
}
