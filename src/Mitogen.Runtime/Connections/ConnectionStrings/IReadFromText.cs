namespace Mitogen.Connections;

/// <summary>A connection that can stand in a connection string.</summary>
/// <typeparam name="T">The connection.</typeparam>
internal interface IReadFromText<T>
    where T : PlainConnection
{
    /// <summary>Asks for what it knows.</summary>
    static abstract T Read(HopReader hop);
}
