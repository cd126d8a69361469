using Mitogen;

namespace Testing;

/// <summary>What a deployment needs of a host. The real one is a <c>[RemoteService]</c> that runs there.</summary>
[Remote]
public interface IHost
{
    /// <summary>The program that the host runs.</summary>
    IDaemon Daemon { get; }

    /// <summary>The version that is installed.</summary>
    Task<string> VersionAsync(CancellationToken cancellationToken = default);

    /// <summary>Puts a version in the place of the one before.</summary>
    Task InstallAsync(string version, Stream package, IProgress<long> copied, CancellationToken cancellationToken = default);

    /// <summary>Puts the version back that was there before the last installation.</summary>
    Task RollBackAsync(CancellationToken cancellationToken = default);
}

/// <summary>A program that is stopped and started.</summary>
[Remote]
public interface IDaemon
{
    /// <summary>Ends the program.</summary>
    Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>Starts the program, and completes when it answers.</summary>
    Task StartAsync(CancellationToken cancellationToken = default);
}
