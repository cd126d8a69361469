namespace Mitogen.TestContracts;

/// <summary>Misbehaves on request.</summary>
[Remote]
public interface ITrouble
{
    /// <summary>Never ends, and keeps a pool thread busy.</summary>
    Task SpinAsync();

    /// <summary>Never ends, on a thread of its own.</summary>
    void Block();

    /// <summary>Ends when it is cancelled.</summary>
    Task WaitAsync(CancellationToken cancellationToken = default);

    /// <summary>Starts <c>sleep 1000</c> and leaves it alone.</summary>
    Task<int> StartSleepAsync();

    Task FailFastAsync(string message);

    Task ThrowOnThreadAsync(string message);

    Task ExitAsync(int code, string lastWords);

    /// <summary>Ends the context that is asked.</summary>
    Task DisposeYourselfAsync();

    /// <summary>Lets the service's disposal hang.</summary>
    Task HangInDisposeAsync();
}
