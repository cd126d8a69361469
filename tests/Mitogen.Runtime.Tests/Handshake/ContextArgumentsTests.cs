using Mitogen.Handshake;

namespace Mitogen.Runtime.Tests.Handshake;

public sealed class ContextArgumentsTests
{
    private static readonly byte[] s_nonce = [.. Enumerable.Range(1, HandshakeCodec.NonceSize).Select(i => (byte)i)];

    [Fact]
    public void The_nonce_is_found_in_the_command_line_that_is_made_for_it() =>
        Assert.Equal(s_nonce, ContextArguments.NonceOf(["program", .. ContextArguments.For(s_nonce)]));

    [Theory]
    [InlineData]
    [InlineData("--mitogen-context")]
    [InlineData("--mitogen-context", "0102")]
    [InlineData("--mitogen-context", "0102030405060708090a0b0c0d0e0fxx")]
    [InlineData("other", "0102030405060708090a0b0c0d0e0f10")]
    [InlineData("other", "--mitogen-context", "0102030405060708090a0b0c0d0e0f10")]
    public void Any_other_command_line_is_a_programs(params string[] arguments) => Assert.Null(ContextArguments.NonceOf(["program", .. arguments]));
}
