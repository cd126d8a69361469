using MemoryPack;
using Microsoft.Extensions.Logging;
using Mitogen.Logging;
using Mitogen.Services;

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
        Assert.Equal(expected, MemoryPackSerializer.Deserialize<LogBatch>(Convert.FromHexString(bytes))!.IsComplete);

    private static string Write(LogBatch batch)
    {
        _ = RuntimeContracts.Catalog;
        return Convert.ToHexString(MemoryPackSerializer.Serialize(batch));
    }
}
