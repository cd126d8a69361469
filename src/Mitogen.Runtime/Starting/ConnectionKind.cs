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

    /// <summary>Writes one. It is virtual for the same reason.</summary>
    /// <param name="connection">One of this kind.</param>
    /// <param name="hop">Takes what is written.</param>
    public abstract void Write(PlainConnection connection, HopWriter hop);

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
    where T : PlainConnection, IWrittenAsText<T>
{
    public override PlainConnection Read(HopReader hop) => Map(hop, T.Blank);

    public override void Write(PlainConnection connection, HopWriter hop) => Map(hop, (T)connection);

    public override Tool? CreateTool(PlainConnection connection, string marker) => createTool?.Invoke((T)connection, marker);

    /// <summary>What stands for the kind, and what stands for any of them.</summary>
    private static T Map(IHopText hop, T connection)
    {
        T blank = T.Blank;
        T it = T.Map(hop, connection, blank);
        return it with
        {
            Name = hop.Text("name", it.Name),
            DotNetPath = hop.Text("dotnet", it.DotNetPath),
            ConnectTimeout = hop.Seconds("timeout", it.ConnectTimeout, blank.ConnectTimeout),
            StartTimeout = hop.Seconds("limit", it.StartTimeout, blank.StartTimeout),
            MinimumRate = hop.Number("rate", it.MinimumRate, blank.MinimumRate, "a number of bytes per second"),
            GracePeriod = hop.Seconds("grace", it.GracePeriod, blank.GracePeriod),
            Executable = hop.Without(it.Executable, blank.Executable),
            QuestionTimeout = hop.Without(it.QuestionTimeout, blank.QuestionTimeout),
            CacheExecutable = hop.Without(it.CacheExecutable, blank.CacheExecutable),
            CallTimeout = hop.Without(it.CallTimeout, blank.CallTimeout),
        };
    }
}
