using Mitogen.Handshake;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Fuzzing;

/// <summary>Handshake messages that are anything.</summary>
public sealed class HandshakeFuzzTests
{
    private const int Inputs = 20_000;
    private const int Memory = 512 * 1024;

    private static readonly byte[] s_nonce = [.. Enumerable.Range(1, HandshakeCodec.NonceSize).Select(i => (byte)i)];

    [Fact]
    public void What_is_no_hello_is_refused() =>
        FuzzRun.Each("hello", Inputs, Memory, (input, random) =>
        {
            HelloScanner scanner = new(s_nonce);
            try
            {
                FuzzRun.Split(input, random, piece => scanner.Feed(piece));
            }
            catch (ProtocolBrokenException)
            {
                // This is what is promised.
            }

            Assert.InRange(scanner.NoiseLines.Count, 0, 20);
        });

    [Fact]
    public void What_is_no_welcome_is_refused() =>
        FuzzRun.Each("welcome", Inputs, Memory, (input, _) =>
        {
            try
            {
                Assert.NotNull(HandshakeCodec.ReadWelcome(input));
            }
            catch (ProtocolBrokenException)
            {
                // This is what is promised.
            }
        });
}
