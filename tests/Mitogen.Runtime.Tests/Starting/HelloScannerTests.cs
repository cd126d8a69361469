using System.Text;
using Mitogen.Handshake;
using Mitogen.Starting;

namespace Mitogen.Runtime.Tests.Starting;

public sealed class HelloScannerTests
{
    private static readonly byte[] s_nonce = [.. Enumerable.Range(1, HandshakeCodec.NonceSize).Select(i => (byte)i)];
    private static readonly ContextInfo s_info = new("host", "user", 42, "os", "X64", "runtime");

    [Fact]
    public void Finds_a_hello_behind_noise_however_it_is_split()
    {
        byte[] bytes = [.. "welcome to host\n"u8, .. s_nonce[..3], .. s_nonce, .. HandshakeCodec.Write(new Hello(HandshakeCodec.Protocol, s_info)), 7, 8];
        HelloScanner scanner = new(s_nonce);

        foreach (byte b in bytes[..^2])
        {
            Assert.Null(scanner.Hello);
            scanner.Feed([b]);
        }

        Assert.Equal(s_info, scanner.Hello?.Info);
        Assert.True(scanner.HasNoise);
        Assert.Equal("welcome to host", scanner.NoiseLines[0]);
    }

    [Fact]
    public void Keeps_what_comes_behind_the_hello()
    {
        HelloScanner scanner = new(s_nonce);

        scanner.Feed([.. s_nonce, .. HandshakeCodec.Write(new Hello(HandshakeCodec.Protocol, s_info)), 7, 8]);

        Assert.Equal([7, 8], scanner.Leftover);
        Assert.False(scanner.HasNoise);
    }

    [Fact]
    public void Refuses_another_version_of_the_protocol() => Refuses([.. s_nonce, .. HandshakeCodec.Write(new Hello(HandshakeCodec.Protocol - 1, s_info))], $"version {HandshakeCodec.Protocol - 1}");

    [Fact]
    public void Refuses_a_hello_that_does_not_say_who_it_is_from() => Refuses([.. s_nonce, .. HandshakeCodec.Write(new Hello(HandshakeCodec.Protocol, null!))], "who");

    [Fact]
    public void Refuses_a_hello_that_lacks_a_name() =>
        Refuses([.. s_nonce, .. HandshakeCodec.Write(new Hello(HandshakeCodec.Protocol, s_info with { UserName = null! }))], "who");

    [Fact]
    public void What_a_hello_says_and_what_comes_instead_of_one_can_be_printed()
    {
        const string Evil = "a\u001b[2J\r\nb\u202e";
        HelloScanner scanner = new(s_nonce);

        scanner.Feed([.. Encoding.UTF8.GetBytes(Evil), .. s_nonce, .. HandshakeCodec.Write(
            new Hello(HandshakeCodec.Protocol, new ContextInfo(Evil, Evil, 42, Evil + new string('x', 60_000), Evil, Evil)))]);

        ContextInfo info = scanner.Hello!.Info;
        Assert.Equal(["a\\x1b[2J", "b\\u202e"], scanner.NoiseLines);
        Assert.All([info.HostName, info.UserName, info.Architecture, info.Runtime], text => Assert.Equal("a\\x1b[2J\\r\\nb\\u202e", text));
        Assert.InRange(info.OperatingSystem.Length, 1000, 1100);
    }

    [Fact]
    public void Refuses_a_hello_that_announces_too_much() => Refuses([.. s_nonce, 0xff, 0xff, 0xff, 0xff], "announced");

    [Fact]
    public void Refuses_bytes_that_are_no_hello() => Refuses([.. s_nonce, 2, 0, 0, 0, 9, 9], "cannot be read");

    [Fact]
    public void Refuses_endless_noise() => Refuses(Encoding.ASCII.GetBytes(new string('x', HelloScanner.MaxNoise + 1)), "no hello");

    private static void Refuses(byte[] bytes, string because)
    {
        HelloScanner scanner = new(s_nonce);

        ProtocolBrokenException error = Assert.Throws<ProtocolBrokenException>(() => scanner.Feed(bytes));

        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}
