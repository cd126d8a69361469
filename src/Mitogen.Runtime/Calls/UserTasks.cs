using System.Runtime.CompilerServices;

namespace Mitogen.Calls;

/// <summary>
/// How value tasks of the user's making are awaited: as tasks. An exception that their source throws when it is asked to go on with
/// somebody, an await throws again on a pool thread, where nothing catches it: it would end the process.
/// </summary>
internal static class UserTasks
{
    /// <summary>Awaits it; whatever its source throws is thrown here.</summary>
    public static ConfiguredTaskAwaitable Guarded(this ValueTask task) => task.AsTask().ConfigureAwait(false);

    /// <summary>Awaits it; whatever its source throws is thrown here.</summary>
    public static ConfiguredTaskAwaitable<T> Guarded<T>(this ValueTask<T> task) => task.AsTask().ConfigureAwait(false);
}
