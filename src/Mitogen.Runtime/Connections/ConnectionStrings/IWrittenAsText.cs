namespace Mitogen.Connections;

/// <summary>A connection that can stand in a connection string.</summary>
/// <typeparam name="T">The connection.</typeparam>
internal interface IWrittenAsText<T>
    where T : PlainConnection
{
    /// <summary>One whose properties all have their defaults; what has none is empty.</summary>
    static abstract T Blank { get; }

    /// <summary>Says where each property stands in a string: one description for the reader and the writer.</summary>
    /// <param name="hop">The reader or the writer.</param>
    /// <param name="it">The connection to write; <paramref name="blank"/> where one is read.</param>
    /// <param name="blank">Its <see cref="Blank"/>.</param>
    /// <returns>The connection that stands in the string.</returns>
    static abstract T Map(IHopText hop, T it, T blank);
}
