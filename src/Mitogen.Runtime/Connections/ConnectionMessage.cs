namespace Mitogen.Connections;

/// <summary>A connection on its way to the context that is to start it: exactly one member is set.</summary>
internal sealed record ConnectionMessage(LocalConnection? Local)
{
    /// <exception cref="ArgumentException">The connection exists in this process only.</exception>
    public static ConnectionMessage From(Connection connection) => connection switch
    {
        LocalConnection local => new ConnectionMessage(local),
        _ => throw new ArgumentException($"A {connection.GetType().Name} cannot be started from another context.", nameof(connection)),
    };

    /// <exception cref="NotSupportedException">The sender knows a connection that this build does not.</exception>
    public Connection ToConnection() =>
        (Connection?)Local ?? throw new NotSupportedException("The connection is of a kind that this context does not know.");
}
