namespace Mitogen.TestContracts.Shapes;

/// <summary>What runs beside what, and what ends what.</summary>
[Remote]
public interface IRules
{
    /// <summary>Waits for its token, which the contexts below see too.</summary>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>Waits for <see cref="ReleaseAsync"/>, whatever its token says.</summary>
    Task IgnoreAsync(CancellationToken cancellationToken);

    /// <summary>Ignores its own token and awaits a call of this context on another one's object without one.</summary>
    Task<string> CallOnAsync(IGate further, CancellationToken cancellationToken);

    /// <summary>What <see cref="CallOnAsync"/> ended with.</summary>
    Task<string> EndedWithAsync();

    Task ReleaseAsync();

    Task<int> WaitingAsync();

    Task<int> CancelledAsync();

    Task AddAsync(int value);

    Task<IReadOnlyList<int>> AddedAsync();

    /// <summary>Blocks its thread until <see cref="ReleaseAsync"/>.</summary>
    void Block();
}

/// <summary>Calls that are let in one after the other.</summary>
[Remote]
public interface IOneAtATime
{
    /// <summary>Enters, waits for the gate, and leaves.</summary>
    /// <returns>How many calls were inside.</returns>
    Task<int> EnterAsync(IGate gate, CancellationToken cancellationToken);

    Task<int> CountAsync();

    /// <summary>How many were inside at the same time at the most: calls, and items in the making.</summary>
    Task<int> MostAsync();

    IAsyncEnumerable<int> ItemsAsync(int count, CancellationToken cancellationToken = default);

    Task<IAsyncEnumerable<int>> LaterItemsAsync(int count);

    /// <summary>Reads its own items, by a call to itself, while it is inside.</summary>
    Task<int> SumOwnAsync(int count, bool later);

    /// <summary>This service as an object.</summary>
    Task<IOneAtATime> SelfAsync();
}

/// <summary>Where a call waits for the test.</summary>
[Remote]
public interface IGate
{
    Task PassAsync();
}
