using System.Security.Cryptography;
using Sha256 = Mitogen.Executables.Sha256;

namespace Mitogen.Runtime.Tests.Executables;

public sealed class Sha256Tests
{
    [Fact]
    public void It_is_what_the_standard_says() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Convert.ToHexStringLower(Sha256.Hash("abc"u8)));

    [Fact]
    public void Every_length_of_the_last_block_is_right()
    {
        byte[] data = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];
        for (int length = 0; length <= data.Length; length++)
        {
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), Sha256.Hash(data.AsSpan(0, length)));
        }
    }
}
