using System.Buffers.Binary;
using Mitogen.Calls;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class HostileErrorTests
{
    /// <summary>The bytes of a lost context's exception, up to the length of its reason.</summary>
    private static readonly byte[] s_lost = [2, 1, (byte)'x'];

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(13)]
    [InlineData(-1)]
    public void A_reason_that_is_announced_longer_than_it_is_fails_the_call_and_reserves_nothing(int announced)
    {
        byte[] bytes = [.. s_lost, .. new byte[4 + 12]];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(s_lost.Length), announced);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception error = ErrorCodec.Read(bytes);

        Assert.IsType<RemoteCallException>(error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public void A_reason_of_the_announced_length_is_read()
    {
        byte[] bytes = [.. s_lost, .. new byte[4 + 12 + 1]];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(s_lost.Length), 12);

        ContextLostException error = Assert.IsType<ContextLostException>(ErrorCodec.Read(bytes));

        Assert.Equal("x", error.ContextName);
    }
}
