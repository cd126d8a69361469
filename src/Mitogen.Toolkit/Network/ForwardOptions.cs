namespace Mitogen.Toolkit;

/// <summary>The bounds of a forward. Immutable.</summary>
public sealed record ForwardOptions
{
    /// <summary>How many connections are open at a time; further ones wait to be accepted. Default: 256.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>The time in which the other address has to answer, and a SOCKS client has to say where to. Default: 30 seconds.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time in which the connections have to be closed when the forward is disposed. Default: 5 seconds.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Is told of each connection that failed, on a thread of the pool; it should be quick. Default: nobody, the counters aside.</summary>
    public Action<Exception>? OnFailure { get; init; }
}
