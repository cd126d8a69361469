using System.Diagnostics;
using MemoryPack;
using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Generated.Mitogen_Runtime;
using Mitogen.Logging;
using Mitogen.Telemetry;

namespace Mitogen.Runtime.Tests.Logging;

public sealed class LogBatchTests
{
    private static readonly LogRecord s_record = new("category", LogLevel.Warning, 1, null, "message", null, [new LogScope("scope", [])], null, [], null);

    private static readonly NamedValue s_value = new("name", NamedValueKind.Integer, 7, null);
    private static readonly SpanId s_id = new("0123456789abcdef0123456789abcdef", "0123456789abcdef", ActivityTraceFlags.Recorded);

    private static readonly SpanRecord s_span = new(
        "source", "1.0", "span", ActivityKind.Server, s_id, "fedcba9876543210", true, null, DateTime.UnixEpoch.Ticks, 1, ActivityStatusCode.Ok, null, [s_value],
        [new SpanEvent("event", DateTime.UnixEpoch.Ticks, [])], [new SpanLink(s_id, [])]);

    public static TheoryData<string, bool> Batches => new()
    {
        { Write(new LogBatch("root/a", [s_record], [], 2)), true },
        { Write(new LogBatch("root/a", [], [], 0)), true },
        { Write(new LogBatch(null!, [], [], 0)), false },
        { Write(new LogBatch("root/a", null!, [], 0)), false },
        { Write(new LogBatch("root/a", [null!], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Message = null! }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Category = null! }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Scopes = null! }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Scopes = [null!] }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Scopes = [new LogScope("scope", [null!])] }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Values = [s_value] }], [], 0)), true },
        { Write(new LogBatch("root/a", [s_record with { Values = [s_value with { Name = null! }] }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Values = [s_value with { Kind = (NamedValueKind)77 }] }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Values = [.. Enumerable.Repeat(s_value, NamedValue.Most + 1)] }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Span = s_id with { Trace = "no digits" } }], [], 0)), false },
        { Write(new LogBatch("root/a", [s_record], [s_span], 0)), true },
        { Write(new LogBatch("root/a", [], null!, 0)), false },
        { Write(new LogBatch("root/a", [], [null!], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Name = null! }], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Id = s_id with { Span = new string('0', 16) } }], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Parent = "" }], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Start = long.MaxValue }], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Duration = -1 }], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Kind = (ActivityKind)77 }], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Events = [new SpanEvent("event", -1, [])] }], 0)), false },
        { Write(new LogBatch("root/a", [], [s_span with { Links = [new SpanLink(null!, [])] }], 0)), false },
        { Write(new LogBatch("root/a", [], [.. Enumerable.Repeat(s_span, LogBatch.MaxRecords + 1)], 0)), false },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void Is_complete_when_nothing_is_missing_that_every_record_has(string bytes, bool expected) =>
        Assert.Equal(expected, Read(bytes).IsComplete);

    private static string Write(LogBatch batch)
    {
        CallBuffer buffer = new();
        MemoryPackWriter<CallBuffer> writer = new(ref buffer, MemoryPackWriterOptionalStatePool.Rent(null));
        WireData.Write(ref writer, Formatters.LogBatch_AC12D3C2, batch);
        Messages.End(ref writer);
        return Convert.ToHexString(buffer.WrittenSpan);
    }

    private static LogBatch Read(string bytes)
    {
        MemoryPackReader reader = new(Convert.FromHexString(bytes), MemoryPackReaderOptionalStatePool.Rent(null));
        LogBatch batch = WireData.Read(ref reader, Formatters.LogBatch_AC12D3C2);
        Messages.End(ref reader);
        return batch;
    }
}
