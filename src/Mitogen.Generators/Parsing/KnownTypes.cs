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
    /// Types without padding of which some byte patterns are no value; <c>Payload.ReadX</c> and <c>RawLayout.ForX</c> know them.
    /// </summary>
    public static readonly Dictionary<string, string> Checked = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "Boolean",
        ["System.Decimal"] = "Decimal",
        ["System.DateOnly"] = "DateOnly",
        ["System.TimeOnly"] = "TimeOnly",
        ["System.Text.Rune"] = "Rune",
    };

    /// <summary>Types that <c>PayloadFormatters.ForX</c> formats.</summary>
    public static readonly Dictionary<string, string> Formatted = new(StringComparer.Ordinal)
    {
        ["System.DateTime"] = "DateTime",
        ["System.DateTimeOffset"] = "DateTimeOffset",
        ["System.Uri"] = "Uri",
        ["System.Version"] = "Version",
        ["System.Text.StringBuilder"] = "StringBuilder",
        ["Mitogen.Secret"] = "Secret",
    };

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
        ["System.Threading.Thread"] = "is bound to its process: send what is needed of it",
    };
}
