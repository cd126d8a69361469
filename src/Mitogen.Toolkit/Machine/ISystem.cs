namespace Mitogen.Toolkit;

/// <summary>
/// The machine of a context, as the context sees it: <c>host.Get&lt;ISystem&gt;()</c>. It reads files of the kernel and starts nothing, but for a reboot.
/// </summary>
/// <remarks>
/// Safe for use by several threads at once. A file that is not there, as in a container that has nothing but itself, is no failure: its facts are empty
/// then, or <see langword="null"/>. What a machine says of itself is for people to read and for programs to compare; it is not to be trusted.
/// </remarks>
[Remote]
public interface ISystem
{
    /// <summary>Reads what the machine says of itself at this moment.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The facts.</returns>
    Task<SystemFacts> GetFactsAsync(CancellationToken cancellationToken = default);

    /// <summary>The environment of the context's process.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The variables.</returns>
    Task<IReadOnlyDictionary<string, string>> GetEnvironmentAsync(CancellationToken cancellationToken = default);

    /// <summary>The users of <c>/etc/passwd</c>. Those of a directory service are found by name only (<see cref="FindUserAsync"/>).</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The users, in the order of the file.</returns>
    Task<IReadOnlyList<UserFacts>> ListUsersAsync(CancellationToken cancellationToken = default);

    /// <summary>The groups of <c>/etc/group</c>.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The groups, in the order of the file.</returns>
    Task<IReadOnlyList<GroupFacts>> ListGroupsAsync(CancellationToken cancellationToken = default);

    /// <summary>Finds a user as the C library over there does.</summary>
    /// <param name="user">The name or the number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The user with all groups; <see langword="null"/> if there is none.</returns>
    Task<UserFacts?> FindUserAsync(string user, CancellationToken cancellationToken = default);

    /// <summary>The processes that the context can see.</summary>
    /// <param name="max">How many to tell of, at least 1; those with the lowest numbers come first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The processes, and how many there are in all.</returns>
    Task<ProcessList> ListProcessesAsync(int max = 10_000, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal to any process.</summary>
    /// <param name="id">The number of the process, greater than 0: groups are not reached by this.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="startTicks">The <see cref="ProcessFacts.StartTicks"/> of the process that is meant, so that no other one with its number gets the signal;
    /// <see langword="null"/> for whatever has the number now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the process was there.</returns>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    Task<bool> SignalAsync(int id, ProcessSignal signal, long? startTicks = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Restarts or stops the machine, in order where an init system runs; a container ends, and whatever restarts it starts it again.
    /// <see cref="SystemExtensions.RestartAsync"/> also waits for the new start.
    /// </summary>
    /// <param name="kind">What to do.</param>
    /// <param name="cancellationToken">Gives up until it was ordered.</param>
    /// <returns>A task that completes when it was ordered. The context is lost soon after that.</returns>
    /// <exception cref="UnauthorizedAccessException">The context is not root, or its container may not do that.</exception>
    /// <exception cref="IOException">The init system refused.</exception>
    Task RebootAsync(RebootKind kind = RebootKind.Restart, CancellationToken cancellationToken = default);
}
