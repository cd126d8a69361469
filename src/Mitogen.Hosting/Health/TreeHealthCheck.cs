using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mitogen.Hosting;

/// <summary>Whether the root and all contexts that have names can be used.</summary>
internal sealed class TreeHealthCheck(NamedContexts contexts, ContextHealth health) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failureStatus = context.Registration.FailureStatus;
        NamedContext[] all = [.. contexts.All.OrderBy(static one => one.Name, StringComparer.Ordinal)];
        HealthCheckResult root = await health.PingAsync(contexts.Root, failureStatus, cancellationToken).ConfigureAwait(false);
        HealthCheckResult[] results = await Task.WhenAll(all.Select(one => health.CheckAsync(one, failureStatus, cancellationToken))).ConfigureAwait(false);
        (string Name, HealthCheckResult Result)[] parts = [(contexts.Root.Name, root), .. all.Zip(results, static (one, result) => (one.Name, result))];
        (string Name, HealthCheckResult Result)[] bad = [.. parts.Where(static part => part.Result.Status != HealthStatus.Healthy)];
        Dictionary<string, object> data = [];
        foreach ((string name, HealthCheckResult result) in parts)
        {
            _ = data.TryAdd(name, result.Description ?? ""); // a context may have the root's name
        }

        return bad.Length == 0
            ? HealthCheckResult.Healthy($"{parts.Length} contexts, the root among them", data)
            : new HealthCheckResult(
                failureStatus, string.Join(' ', bad.Select(static part => $"{part.Name}: {part.Result.Description}")), bad[0].Result.Exception, data);
    }
}
