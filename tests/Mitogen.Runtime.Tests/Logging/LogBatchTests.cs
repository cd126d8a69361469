using MemoryPack;
using Microsoft.Extensions.Logging;
using Mitogen.Calls;
using Mitogen.CompilerServices;
using Mitogen.Generated.Mitogen_Runtime;
using Mitogen.Logging;

namespace Mitogen.Runtime.Tests.Logging;

public sealed class LogBatchTests
{
    private static readonly LogRecord s_record = new("category", LogLevel.Warning, 1, null, "message", null, ["scope"]);

    public static TheoryData<string, bool> Batches => new()
    {
        { Write(new LogBatch("root/a", [s_record], 2)), true },
        { Write(new LogBatch("root/a", [], 0)), true },
        { Write(new LogBatch(null!, [], 0)), false },
        { Write(new LogBatch("root/a", null!, 0)), false },
        { Write(new LogBatch("root/a", [null!], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Message = null! }], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Category = null! }], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Scopes = null! }], 0)), false },
        { Write(new LogBatch("root/a", [s_record with { Scopes = [null!] }], 0)), false },
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
