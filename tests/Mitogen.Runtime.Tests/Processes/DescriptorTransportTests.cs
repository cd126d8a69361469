using System.Security.Cryptography;
using Mitogen.Interop;
using Mitogen.Multiplexing;
using Mitogen.Processes;
using Mitogen.Runtime.Tests.Leaks;
using static Mitogen.Runtime.Tests.Processes.Children;

namespace Mitogen.Runtime.Tests.Processes;

/// <summary>Both ends in this process, over a socket pair and over two pipes.</summary>
public sealed class DescriptorTransportTests : LeakCheckedTest
{
    public static TheoryData<string> Kinds => [nameof(ChildStreams.Socket), nameof(ChildStreams.Pipes)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Carries_messages_of_every_size(string kind)
    {
        (ILinkTransport left, ILinkTransport right) = Pair(kind);
        using (left)
        using (right)
        {
            foreach (int size in new[] { 1, 2, 4095, 4096, 4097, 65536, 65537, 1_000_000, 20_000_000 })
            {
                byte[] sent = RandomNumberGenerator.GetBytes(size);
                byte[] received = new byte[size];
                Task writer = Task.Run(() => left.Write(sent), Cancellation);
                await Task.Run(() => ReadExactly(right, received), Cancellation).InTimeAsync();
                await writer;
                Assert.Equal(sent, received);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Abort_unblocks_a_reader_and_a_writer(string kind)
    {
        (ILinkTransport left, ILinkTransport right) = Pair(kind);
        using (left)
        using (right)
        {
            Task<int> reader = Task.Run(() => left.Read(new byte[1]), Cancellation);
            Task writer = Task.Run(() => left.Write(new byte[50_000_000]), Cancellation);
            await Eventually.UntilAsync(() => left.TryWrite([0]) == 0);
            Assert.False(reader.IsCompleted || writer.IsCompleted);

            left.Abort();
            Assert.Equal(0, await reader.InTimeAsync());
            await Assert.ThrowsAsync<IOException>(() => writer.InTimeAsync());

            left.Abort();
            Assert.Equal(0, left.Read(new byte[1]));
            Assert.Throws<IOException>(() => left.Write(new byte[1]));
            Assert.Throws<IOException>(() => left.TryWrite(new byte[1]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Dispose_unblocks_them_too_at_any_moment(string kind)
    {
        for (int round = 0; round < 200; round++)
        {
            (ILinkTransport left, ILinkTransport right) = Pair(kind);
            Task<int> reader = Task.Run(() => left.Read(new byte[1]), Cancellation);
            Task writer = Task.Run(() => Assert.Throws<IOException>(() => left.Write(new byte[2_000_000])), Cancellation);
            Task closer = Task.Run(left.CloseWriting, Cancellation);
            if (round % 3 == 0)
            {
                await Task.Yield();
            }

            await Task.WhenAll(Task.Run(left.Abort, Cancellation), Task.Run(left.Dispose, Cancellation));
            Assert.Equal(0, await reader.InTimeAsync());
            await writer.InTimeAsync();
            await closer.InTimeAsync();
            right.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void CloseWriting_ends_one_direction_only(string kind)
    {
        (ILinkTransport left, ILinkTransport right) = Pair(kind);
        using (left)
        using (right)
        {
            left.Write("last"u8);
            left.CloseWriting();
            left.CloseWriting();
            Assert.Throws<IOException>(() => left.Write("more"u8));
            Assert.Throws<IOException>(() => left.TryWrite("more"u8));

            Assert.Equal("last", ReadToEnd(right));
            right.Write("answer"u8);
            right.Dispose();
            Assert.Equal("answer", ReadToEnd(left));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_peer_that_is_gone_fails_a_write(string kind)
    {
        (ILinkTransport left, ILinkTransport right) = Pair(kind);
        using (left)
        {
            right.Dispose();
            Assert.Throws<IOException>(() => left.Write("x"u8));
            Assert.Throws<IOException>(() => left.TryWrite("x"u8));
            Assert.Equal(0, left.Read(new byte[1]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task TryWrite_never_blocks(string kind)
    {
        (ILinkTransport left, ILinkTransport right) = Pair(kind);
        using (left)
        using (right)
        {
            byte[] sent = RandomNumberGenerator.GetBytes(3_000_001);
            long taken = await Task.Run(() => Fill(left, sent), Cancellation).InTimeAsync();
            Assert.InRange(taken, 4096, sent.Length - 1);
            Assert.Equal(0, left.TryWrite(sent));
            Assert.Equal(0, left.TryWrite([]));

            byte[] received = new byte[taken];
            ReadExactly(right, received);
            Assert.Equal(sent[..(int)taken], received);
            Assert.Equal(10, left.TryWrite(sent.AsSpan(0, 10)));
        }
    }

    [Fact]
    public void No_descriptor_is_made_non_blocking()
    {
        (Descriptor one, Descriptor other) = Descriptor.SocketPair();
        using (other)
        using (var transport = new DescriptorTransport(one, one))
        {
            Fill(transport, new byte[3_000_000]);
            using Descriptor.Lease fd = one.Use();
            Assert.Equal(0, Libc.Control(fd.Fd, Libc.GetStatusFlags, 0) & 0x800 /* O_NONBLOCK */);
        }
    }

    private static long Fill(ILinkTransport transport, ReadOnlySpan<byte> bytes)
    {
        int total = 0;
        int count;
        while ((count = transport.TryWrite(bytes[total..])) > 0)
        {
            total += count;
        }

        return total;
    }

    private static void ReadExactly(ILinkTransport transport, Span<byte> all)
    {
        while (!all.IsEmpty)
        {
            int count = transport.Read(all);
            Assert.NotEqual(0, count);
            all = all[count..];
        }
    }

    private static (ILinkTransport Left, ILinkTransport Right) Pair(string kind)
    {
        if (kind == nameof(ChildStreams.Socket))
        {
            (Descriptor one, Descriptor other) = Descriptor.SocketPair();
            return (new DescriptorTransport(one, one), new DescriptorTransport(other, other));
        }

        (Descriptor read, Descriptor write) = Descriptor.Pipe();
        (Descriptor backRead, Descriptor backWrite) = Descriptor.Pipe();
        return (new DescriptorTransport(backRead, write), new DescriptorTransport(read, backWrite));
    }
}
