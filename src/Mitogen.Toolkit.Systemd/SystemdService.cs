using System.Text;

namespace Mitogen.Toolkit.Systemd;

/// <summary>The units of a machine. Each call has a connection of its own to the bus: it costs little on the same machine, and none is left open.</summary>
[RemoteService]
internal sealed class SystemdService(IRemoteContext self) : ISystemd
{
    private const int MaxName = 255;

    public async Task<IReadOnlyList<UnitFacts>> ListAsync(string pattern = "*.service", CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        using SystemdBus bus = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await bus.ListAsync(pattern, cancellationToken).ConfigureAwait(false);
    }

    public async Task<UnitFacts?> FindAsync(string unit, CancellationToken cancellationToken = default)
    {
        Check(unit);
        using SystemdBus bus = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return (await bus.FindAsync(unit, cancellationToken).ConfigureAwait(false)) is { LoadState: not "not-found" } found ? found : null;
    }

    public Task StartAsync(string unit, CancellationToken cancellationToken = default) => RunJobAsync("StartUnit", unit, cancellationToken);

    public Task StopAsync(string unit, CancellationToken cancellationToken = default) => RunJobAsync("StopUnit", unit, cancellationToken);

    public Task RestartAsync(string unit, CancellationToken cancellationToken = default) => RunJobAsync("RestartUnit", unit, cancellationToken);

    public Task ReloadAsync(string unit, CancellationToken cancellationToken = default) => RunJobAsync("ReloadUnit", unit, cancellationToken);

    public async Task EnableAsync(string unit, CancellationToken cancellationToken = default)
    {
        Check(unit);
        using SystemdBus bus = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await bus.EnableAsync(unit, cancellationToken).ConfigureAwait(false);
        await bus.ReloadFilesAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task DisableAsync(string unit, CancellationToken cancellationToken = default)
    {
        Check(unit);
        using SystemdBus bus = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await bus.DisableAsync(unit, cancellationToken).ConfigureAwait(false);
        await bus.ReloadFilesAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task ReloadFilesAsync(CancellationToken cancellationToken = default)
    {
        using SystemdBus bus = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await bus.ReloadFilesAsync(cancellationToken).ConfigureAwait(false);
    }

    // A name without an ending would be that of a path or of nothing; systemctl alone puts ".service" there.
    private static void Check(string unit)
    {
        ArgumentException.ThrowIfNullOrEmpty(unit);
        if (!unit.Contains('.', StringComparison.Ordinal) || unit.Contains('/', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(unit) > MaxName)
        {
            throw new ArgumentException(
                $"'{unit}' is no name of a unit: it has an ending, such as '{unit}.service', no slash, and up to {MaxName} bytes.", nameof(unit));
        }
    }

    private async Task RunJobAsync(string method, string unit, CancellationToken cancellationToken)
    {
        Check(unit);
        using SystemdBus bus = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await bus.RunJobAsync(method, unit, cancellationToken).ConfigureAwait(false);
    }

    private Task<SystemdBus> ConnectAsync(CancellationToken cancellationToken) => SystemdBus.ConnectAsync($"{self}", cancellationToken);
}
