namespace Mitogen.Generators.Parsing;

/// <summary>The types that are sent without members being looked at, and those that never are.</summary>
internal static class KnownTypes
{
    /// <summary>Types of which every byte pattern is a value.</summary>
    public static readonly HashSet<string> Unmanaged = new(StringComparer.Ordinal)
    {
        "System.SByte", "System.Byte", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32", "System.Int64", "System.UInt64",
        "System.Char", "System.Single", "System.Double", "System.Half", "System.Int128", "System.UInt128", "System.Guid", "System.TimeSpan",
        "System.Numerics.Complex", "System.Numerics.Plane", "System.Numerics.Quaternion", "System.Numerics.Matrix3x2",
        "System.Numerics.Matrix4x4", "System.Numerics.Vector2", "System.Numerics.Vector3", "System.Numerics.Vector4",
    };

    /// <summary>
    /// Types without padding of which some byte patterns are no value; <c>WireData.ReadX</c> and <c>RawLayout.ForX</c> know them.
    /// </summary>
    public static readonly Dictionary<string, string> Checked = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "Boolean",
        ["System.Decimal"] = "Decimal",
        ["System.DateOnly"] = "DateOnly",
        ["System.TimeOnly"] = "TimeOnly",
        ["System.Text.Rune"] = "Rune",
    };

    /// <summary>Types that <c>WireFormatters.ForX</c> formats.</summary>
    public static readonly Dictionary<string, string> Formatted = new(StringComparer.Ordinal)
    {
        ["System.DateTime"] = "DateTime",
        ["System.DateTimeOffset"] = "DateTimeOffset",
        ["System.Uri"] = "Uri",
        ["System.Version"] = "Version",
        ["System.Text.StringBuilder"] = "StringBuilder",
        ["Mitogen.Secret"] = "Secret",
    };

    private const string TakeLogger =
        "logs in its own process: let the service take an ILogger<T> in its constructor, and what it logs comes to the root";

    /// <summary>Why a type cannot be sent; types derived from it neither.</summary>
    public static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["System.Object"] = "may be of any type: declare the type that is sent, " +
            "or an abstract type with [MemoryPackable] and a [MemoryPackUnion] per derived type",
        ["System.IntPtr"] = "means something in one process only: send a long if it is a number",
        ["System.UIntPtr"] = "means something in one process only: send a ulong if it is a number",
        ["System.Numerics.BigInteger"] = "loses digits in the serializer: send its ToByteArray()",
        ["System.Collections.BitArray"] = "is read past its end by the serializer: send a bool[]",
        ["System.Globalization.CultureInfo"] = "is the machine's own: send its Name",
        ["System.TimeZoneInfo"] = "is the machine's own: send its Id",
        ["System.Type"] = "may be unknown to the other process: send its name",
        ["System.Reflection.MemberInfo"] = "may be unknown to the other process: send its name",
        ["System.Reflection.Assembly"] = "may be unknown to the other process: send its name",
        ["System.IO.Stream"] = "is a stream of its own kind: declare Stream",
        ["System.IO.Pipelines.PipeReader"] = "is a reader of its own kind: declare PipeReader",
        ["System.IO.Pipelines.PipeWriter"] = "is a writer of its own kind: declare PipeWriter",
        ["System.IProgress`1"] = "takes the reports of one call: make it a parameter of the method",
        ["System.Progress`1"] = "is how a caller takes reports: make IProgress<T> a parameter of the method",
        ["System.Threading.Tasks.Task"] = "is work, not data: await it, and send the result",
        ["System.Threading.Tasks.ValueTask"] = "is work, not data: await it, and send the result",
        ["System.Threading.Tasks.ValueTask`1"] = "is work, not data: await it, and send the result",
        ["System.Threading.CancellationToken"] = "is not data: make it a parameter of the method",
        ["System.Linq.ILookup`2"] = "is made by a query: send a dictionary of lists",
        ["System.Linq.IGrouping`2"] = "is made by a query: send a list and its key",
        ["System.Linq.IQueryable`1"] = "is a query: send its ToList()",
        ["System.Linq.Expressions.Expression"] = "is code, not data: send what it should find",
        ["System.Exception"] = "is bound to its process: send its message, or throw it",
        ["System.Delegate"] = "is code, not data: send what it should do as a value",
        ["Mitogen.IRemoteContext"] = "is how one process reaches a context: send a contract that its Get gives, or let the service that needs it " +
            "take one in its constructor",
        ["Microsoft.Extensions.Logging.ILogger"] = TakeLogger,
        ["Microsoft.Extensions.Logging.ILogger`1"] = TakeLogger,
        ["Microsoft.Extensions.Logging.ILoggerFactory"] = TakeLogger,
        ["System.IServiceProvider"] = "has the services of one process: let the service that needs them take them in its constructor",
        ["System.Threading.Channels.ChannelReader`1"] = "is read in its own process: declare IAsyncEnumerable<T>, and give its ReadAllAsync()",
        ["System.Threading.Channels.ChannelWriter`1"] =
            "is written in its own process: declare IAsyncEnumerable<T> for items in either direction, or IProgress<T> for reports",
        ["System.Threading.Channels.Channel`2"] = "is a queue of one process: declare IAsyncEnumerable<T>, and give its Reader.ReadAllAsync()",
        ["System.IObservable`1"] = "calls its observers in its own process: declare IAsyncEnumerable<T>",
        ["System.IObserver`1"] = "is called in its own process: declare IProgress<T>, or a [Remote] interface with its methods",
        ["System.Collections.Generic.IAsyncEnumerator`1"] = "is one pass over a stream: declare IAsyncEnumerable<T>",
        ["System.Collections.IEnumerator"] = "is one pass over a collection: send a list",
        ["System.Collections.Generic.IEnumerator`1"] = "is one pass over a collection: send a list",
        ["System.Collections.IEnumerable"] = "says nothing of its items: declare IEnumerable<T>",
        ["System.Threading.CancellationTokenSource"] = "cancels in its own process: make a CancellationToken a parameter of the method",
        ["System.Net.IPAddress"] = "keeps its state to itself: send its ToString(), and read that by IPAddress.Parse",
        ["System.Net.EndPoint"] = "keeps its state to itself: send its ToString(), and read that by IPEndPoint.Parse",
        ["System.Net.Http.HttpContent"] = "is bound to a connection: send a Stream of it",
        ["System.Net.Http.HttpResponseMessage"] = "is bound to a connection: send a record with its status, and a Stream of its content",
        ["System.Security.SecureString"] = "is bound to its process: send a Mitogen.Secret",
        ["System.Security.Cryptography.X509Certificates.X509Certificate"] = "is bound to its process: send its RawData, or what Export gives",
        ["System.Text.RegularExpressions.Regex"] = "is compiled code: send its ToString() and its Options",
        ["System.Text.Encoding"] = "is code, not data: send its WebName",
        ["System.Text.Json.JsonElement"] = "is a view of a document: send its GetRawText(), and read that by JsonDocument.Parse",
        ["System.Text.Json.JsonDocument"] = "is bound to its process: send its RootElement.GetRawText(), and read that by JsonDocument.Parse",
        ["System.Text.Json.Nodes.JsonNode"] = "is a part of a tree: send its ToJsonString(), and read that by JsonNode.Parse",
        ["System.Xml.Linq.XObject"] = "is a part of a tree: send its ToString(), and read that by XElement.Parse",
        ["System.Xml.XmlNode"] = "is a part of a tree: send its OuterXml",
        ["System.IO.FileSystemInfo"] = "stands for a file of one machine: send its FullName, or a Stream of what is in it",
        ["System.Diagnostics.Process"] = "is bound to its machine: send its Id",
        ["System.Data.DataTable"] = "keeps its state to itself: send a list of records",
        ["System.Threading.Thread"] = "is bound to its process: send what is needed of it",
    };
}
