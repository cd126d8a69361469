using Mitogen.Connections;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>A kind of connection that any context can start.</summary>
/// <param name="Scheme">Its name in connection strings.</param>
/// <param name="Type">Its record.</param>
/// <param name="Read">Reads one from a connection string.</param>
/// <param name="Tool">Its tool, which is given the text that this start's prompts are known by; <see langword="null"/> if it needs none.</param>
internal sealed record ConnectionKind(
    string Scheme, Type Type, Func<HopReader, PlainConnection> Read, Func<PlainConnection, string, Tool>? Tool)
{
    public static ConnectionKind Of<T>(string scheme, Func<HopReader, T> read, Func<T, string, Tool>? tool)
        where T : PlainConnection =>
        new(scheme, typeof(T), read, tool is null ? null : (connection, marker) => tool((T)connection, marker));
}
