using CsCheck;
using Mitogen.Calls;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class CallHeaderTests
{
    [Fact]
    public void A_header_reads_as_it_was_written()
    {
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.ULong, Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt).Sample(
            (contract, target, sequence, number, context, method, deadline, arguments) =>
            {
                CallHeader header = new(contract, target, sequence, new ChainId(context, number), method, deadline, arguments >> 1, ~contract, HasTrace: (arguments & 1) != 0);
                byte[] bytes = new byte[CallHeader.Size];
                header.Write(bytes);
                Assert.Equal(header, CallHeader.Read(bytes));
            });
    }

    [Fact]
    public void Its_layout_is_the_documented_one()
    {
        byte[] bytes = new byte[CallHeader.Size];
        new CallHeader(1, 2, 3, new ChainId(5, 4), 6, 7, 8, 9).Write(bytes);

        byte[] expected = new byte[56];
        (expected[0], expected[8], expected[16], expected[24]) = (1, 2, 3, 4);
        (expected[32], expected[36], expected[40], expected[44]) = (5, 6, 7, 8);
        expected[48] = 9;
        Assert.Equal(expected, bytes);
        (CallHeader.Read(bytes) with { HasTrace = true }).Write(bytes);
        expected[47] = 0x80;
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void A_header_that_is_cut_is_not_read()
    {
        Assert.Throws<IndexOutOfRangeException>(() => CallHeader.Read(new byte[CallHeader.Size - 1]));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, int.MaxValue)]
    [InlineData(3, 255, 7)]
    public void An_answers_header_reads_as_it_was_written(int kind, byte number, uint length)
    {
        byte[] bytes = [9, 9, 9, 9, 9, 9, 9, 9];
        AnswerHeader header = new((AnswerKind)kind, number, length);
        header.Write(bytes);

        Assert.Equal(header, AnswerHeader.Read(bytes));
        Assert.Equal([(byte)kind, number, 0, 0], bytes[..4]);
    }
}
