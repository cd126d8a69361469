namespace Mitogen.Toolkit.Systemd;

/// <summary>The units of systemd on the machine of a context: <c>host.Get&lt;ISystemd&gt;()</c>. It asks systemd over the system's D-Bus.</summary>
/// <remarks>
/// Safe for use by several threads at once. Names have their ending: <c>nginx.service</c>. Where no systemd runs, each call is an
/// <see cref="InvalidOperationException"/> that names the bus; what systemd refuses is an <see cref="IOException"/> with its words, or an
/// <see cref="UnauthorizedAccessException"/> if the context's user may not do it.
/// </remarks>
[Remote]
public interface ISystemd
{
    /// <summary>The units that are loaded.</summary>
    /// <param name="pattern">Which ones: <c>*</c> stands for any text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The units, in the order of their names.</returns>
    Task<IReadOnlyList<UnitFacts>> ListAsync(string pattern = "*.service", CancellationToken cancellationToken = default);

    /// <summary>One unit.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The unit; <see langword="null"/> if there is none.</returns>
    Task<UnitFacts?> FindAsync(string unit, CancellationToken cancellationToken = default);

    /// <summary>Starts a unit.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; systemd goes on.</param>
    /// <returns>A task that completes when it has started.</returns>
    /// <exception cref="IOException">There is none, or it failed to start.</exception>
    Task StartAsync(string unit, CancellationToken cancellationToken = default);

    /// <summary>Stops a unit.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; systemd goes on.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    /// <exception cref="IOException">There is none, or it could not be stopped.</exception>
    Task StopAsync(string unit, CancellationToken cancellationToken = default);

    /// <summary>Stops and starts a unit, or starts it if it does not run.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; systemd goes on.</param>
    /// <returns>A task that completes when it has started again.</returns>
    /// <exception cref="IOException">There is none, or it failed to start.</exception>
    Task RestartAsync(string unit, CancellationToken cancellationToken = default);

    /// <summary>Has a unit read its configuration again.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; systemd goes on.</param>
    /// <returns>A task that completes when it has.</returns>
    /// <exception cref="IOException">There is none, it does not run, or it cannot do that.</exception>
    Task ReloadAsync(string unit, CancellationToken cancellationToken = default);

    /// <summary>Has a unit start with the machine from now on. It is not started now.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when the links are made and systemd has read them.</returns>
    Task EnableAsync(string unit, CancellationToken cancellationToken = default);

    /// <summary>Has a unit no longer start with the machine. It is not stopped now.</summary>
    /// <param name="unit">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when the links are gone and systemd knows.</returns>
    Task DisableAsync(string unit, CancellationToken cancellationToken = default);

    /// <summary>Has systemd read all its files again, as after a unit's file was written.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when it has.</returns>
    Task ReloadFilesAsync(CancellationToken cancellationToken = default);
}

/// <summary>A unit of systemd.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="LoadState">Whether its file was read: <c>loaded</c>, <c>not-found</c>, <c>masked</c> and so on.</param>
/// <param name="ActiveState">Its state: <c>active</c>, <c>inactive</c>, <c>failed</c>, <c>activating</c> and so on.</param>
/// <param name="SubState">Its state in the words of its kind, such as <c>running</c>.</param>
/// <param name="Job">What systemd is doing with it, such as <c>start</c>; empty if nothing.</param>
public sealed record UnitFacts(string Name, string Description, string LoadState, string ActiveState, string SubState, string Job)
{
    /// <summary>Whether it is active.</summary>
    public bool IsActive => ActiveState == "active";
}
