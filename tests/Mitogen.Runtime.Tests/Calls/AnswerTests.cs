using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;
using Mitogen.TestContracts.Shapes;

namespace Mitogen.Runtime.Tests.Calls;

/// <summary>An answer that the method cannot have is no answer: the call fails, and says what came.</summary>
public sealed class AnswerTests : CallTest
{
    [Theory]
    [InlineData(5)] // no kind at all
    [InlineData(255)]
    [InlineData(2)] // items of a method that has none
    [InlineData(3)] // a report of one without progress
    [InlineData(4)]
    public async Task A_part_of_a_kind_that_the_method_does_not_have_is_malformed(byte kind)
    {
        using AttackedNode attacked = new(LinkRole.Child);
        Task<int> call = attacked.Handle().Get<IWork>().IncrementAsync(1).AsTask();

        Answer(attacked, kind, 0, [0, 0, 0, 0]);

        ProtocolBrokenException error = await Assert.ThrowsAsync<ProtocolBrokenException>(() => call);
        Assert.Contains($"kind {kind}", error.Message, StringComparison.Ordinal);
        Assert.Contains("IWork.IncrementAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_are_no_items()
    {
        using AttackedNode attacked = new(LinkRole.Child);
        await using IAsyncEnumerator<int> items = attacked.Handle().Get<IItems>().CountAsync(0, 10, Cancellation).GetAsyncEnumerator(Cancellation);
        Task<bool> move = items.MoveNextAsync().AsTask();

        Answer(attacked, (byte)AnswerKind.Bytes, 0, [0, 0, 0, 0]);

        await Assert.ThrowsAsync<ProtocolBrokenException>(() => move);
    }

    [Fact]
    public async Task A_report_for_a_parameter_that_there_is_not_is_malformed()
    {
        using AttackedNode attacked = new(LinkRole.Child);
        Task<int> call = attacked.Handle().Get<IBytes>().WorkAsync(1, new Progress<int>(), Cancellation);

        Answer(attacked, (byte)AnswerKind.Report, 1, [0, 0, 0, 0]);

        await Assert.ThrowsAsync<ProtocolBrokenException>(() => call);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024 * 1024 * 1024)]
    public async Task A_method_without_a_result_takes_none(uint length)
    {
        using AttackedNode attacked = new(LinkRole.Child);
        Task call = attacked.Handle().Get<IShapes>().WaitAsync();

        Answer(attacked, (byte)AnswerKind.Result, 0, [], length);

        ProtocolBrokenException error = await Assert.ThrowsAsync<ProtocolBrokenException>(() => call);
        Assert.Contains($"{length} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_ends_without_a_result()
    {
        using AttackedNode attacked = new(LinkRole.Child);
        await using IAsyncEnumerator<int> items = attacked.Handle().Get<IItems>().CountAsync(0, 10, Cancellation).GetAsyncEnumerator(Cancellation);
        Task<bool> move = items.MoveNextAsync().AsTask();

        Answer(attacked, (byte)AnswerKind.Result, 0, [1], 1);

        await Assert.ThrowsAsync<ProtocolBrokenException>(() => move);
    }

    private static void Answer(AttackedNode attacked, byte kind, byte number, byte[] content, uint? length = null)
    {
        ulong stream = attacked.Next(h => h.Kind == FrameKind.Open).Stream;
        byte[] message = new byte[AnswerHeader.Size + content.Length];
        new AnswerHeader((AnswerKind)kind, number, length ?? (uint)content.Length).Write(message);
        content.CopyTo(message, AnswerHeader.Size);
        attacked.Feed(FrameKind.Data, FrameFlags.FromAcceptor, stream, message);
    }
}
