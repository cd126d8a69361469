using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Logging;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Services;

/// <summary>A context logs for itself and for those below it, and in nobody else's name.</summary>
public sealed class LogSinkTests
{
    private const uint Below = 16;

    private static readonly LogRecord s_record = new("category", LogLevel.Warning, 1, null, "message", null, [], null, [], null);

    [Theory]
    [InlineData("root/hostile", true)]
    [InlineData("root/hostile/below", true)]
    [InlineData("root/hostile/below/it", true)]
    [InlineData("root/hostile/", false)]
    [InlineData("root/hostile/a\n", false)]
    [InlineData("root/hostile/a//b", false)]
    [InlineData("root/hostile/\u202e", false)]
    [InlineData("root/hostiles", false)]
    [InlineData("root/other", false)]
    [InlineData("root", false)]
    [InlineData("", false)]
    public async Task Records_of_a_child_name_it_or_one_below_it(string context, bool taken)
    {
        using AttackedNode root = new(LinkRole.Child);

        await new LogSink(root.Node, root.Attacker).WriteAsync(new LogBatch(context, [s_record, s_record], [], 3));

        Check(root, context, taken);
    }

    [Theory]
    [InlineData("root/hostile/below", true)]
    [InlineData("root/hostile/anything/else", true)]
    [InlineData("root/hostile", false)]
    [InlineData("root/other", false)]
    public async Task Records_of_a_context_started_further_down_name_one_below_the_child_on_the_way(string context, bool taken)
    {
        using AttackedNode root = new(LinkRole.Child);
        root.Link.Leased.Add(new IdBlock(Below, 1));
        byte[] route = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(route, Below);
        BinaryPrimitives.WriteUInt32LittleEndian(route.AsSpan(4), root.Attacker);
        root.Feed(FrameKind.RouteAdded, FrameFlags.None, 0, route, toTheLink: true);

        await new LogSink(root.Node, Below).WriteAsync(new LogBatch(context, [s_record, s_record], [], 3));

        Check(root, context, taken);
    }

    [Fact]
    public async Task Records_of_a_context_that_is_gone_name_nobody()
    {
        using AttackedNode root = new(LinkRole.Child);

        await new LogSink(root.Node, 4711).WriteAsync(new LogBatch("root/hostile", [s_record], [], 0));

        LogBatch written = Assert.Single(root.Logged);
        Assert.Equal(("context 4711", 1, 0), (written.Context, written.Dropped, written.Records.Length));
    }

    [Fact]
    public async Task Records_that_lack_something_are_refused()
    {
        using AttackedNode root = new(LinkRole.Child);
        LogSink sink = new(root.Node, root.Attacker);

        await Assert.ThrowsAsync<ArgumentException>(() => sink.WriteAsync(new LogBatch("root/hostile", [s_record], [], -1)));
        await Assert.ThrowsAsync<ArgumentException>(() => sink.WriteAsync(new LogBatch("root/hostile", [s_record with { Level = (LogLevel)77 }], [], 0)));
        await Assert.ThrowsAsync<ArgumentException>(() => sink.WriteAsync(new LogBatch("root/hostile", [.. Enumerable.Repeat(s_record, LogBatch.MaxRecords + 1)], [], 0)));

        Assert.Empty(root.Logged);
    }

    private static void Check(AttackedNode root, string context, bool taken)
    {
        LogBatch written = Assert.Single(root.Logged);
        Assert.Equal(5, written.Count);
        Assert.Equal(taken ? context : "root/hostile", written.Context);
        Assert.Equal(taken ? 2 : 0, written.Records.Length);
    }
}
