using Mitogen.Connections;
using Mitogen.Starting.Tools;

namespace Mitogen.Starting;

/// <summary>A kind of connection that any context can start.</summary>
/// <param name="scheme">Its name in connection strings.</param>
/// <param name="type">Its record.</param>
internal abstract class ConnectionKind(string scheme, Type type)
{
    public string Scheme => scheme;

    public Type Type => type;

    /// <summary>Reads one from a connection string. It is virtual so that a native program which reads none is not sent with the code for it.</summary>
    public abstract PlainConnection Read(HopReader hop);

    /// <param name="connection">One of this kind.</param>
    /// <param name="marker">The text by which this start's prompts are known.</param>
    /// <returns>Its tool; <see langword="null"/> if it needs none.</returns>
    public abstract Tool? CreateTool(PlainConnection connection, string marker);
}

/// <summary>A kind of connection, by its record.</summary>
/// <param name="scheme">Its name in connection strings.</param>
/// <param name="createTool">Makes its tool, by the connection and the text by which this start's prompts are known; <see langword="null"/> if it
/// needs none.</param>
internal sealed class ConnectionKind<T>(string scheme, Func<T, string, Tool>? createTool = null) : ConnectionKind(scheme, typeof(T))
    where T : PlainConnection, IReadFromText<T>
{
    public override PlainConnection Read(HopReader hop) => T.Read(hop);

    public override Tool? CreateTool(PlainConnection connection, string marker) => createTool?.Invoke((T)connection, marker);
}
