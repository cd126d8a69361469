using CsCheck;
using Mitogen.Calls;
using Mitogen.Framing;
using Mitogen.Multiplexing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Calls;

public sealed class MessageAssemblerTests
{
    private readonly Link _link;
    private readonly MuxStream _stream;

    public MessageAssemblerTests()
    {
        KernelTree tree = new();
        KernelPeer child = tree.Add(tree.Root);
        _link = tree[tree.Root, child];
        _stream = new MuxStream(tree.Root.Kernel);
        _stream.Start(_link, new PeerStreams(child.Id, null, new KernelOptions()), 7, opens: null, handler: null);
        _link.Sender.Clear();
    }

    [Fact]
    public void A_message_is_complete_when_what_was_announced_has_come()
    {
        MessageAssembler assembler = new();
        assembler.Start(5, headerBytes: 8);

        Assert.True(assembler.Append(_stream, "ab"u8));
        Assert.False(assembler.IsComplete);
        Assert.True(assembler.Append(_stream, "cde"u8));

        Assert.True(assembler.IsComplete);
        Assert.Equal("abcde"u8, assembler.Join());
    }

    [Fact]
    public void More_than_was_announced_is_refused()
    {
        MessageAssembler assembler = new();
        assembler.Start(2);
        Assert.True(assembler.Append(_stream, "ab"u8));

        Assert.False(assembler.Append(_stream, "c"u8));
        Assert.Equal("ab"u8, assembler.Join());
    }

    [Fact]
    public void An_empty_message_is_complete_at_once()
    {
        MessageAssembler assembler = new();
        assembler.Start(0, headerBytes: 48);

        Assert.True(assembler.IsComplete);
        Assert.True(assembler.Append(_stream, default));
    }

    [Fact]
    public void Memory_grows_with_what_came_not_with_what_was_announced()
    {
        MessageAssembler assembler = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        assembler.Start(1024 * 1024 * 1024);

        Assert.True(assembler.Append(_stream, "a"u8));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 * 1024);
    }

    [Fact]
    public void What_comes_in_pieces_of_any_size_is_joined_and_charged_and_given_back_once()
    {
        const int Bound = 300_000;
        Gen.Select(Gen.Int[0, 400_000], Gen.Int[1, 70_000], Gen.Int[0, 100]).Sample((total, most, end) =>
        {
            Account account = new(2, null, new KernelOptions { MaxLinkMemory = Bound });
            byte[] message = new byte[total];
            Random random = new(total);
            random.NextBytes(message);
            MessageAssembler assembler = new(free: MessageAssembler.FirstPiece);
            assembler.Start(total, account: account);
            int sent = 0;
            bool isTaken = true;
            while (sent < total && isTaken)
            {
                int piece = Math.Min(random.Next(most) + 1, total - sent);
                isTaken = assembler.Append(message.AsSpan(sent, piece));
                sent += piece;
                Assert.InRange(account.Held(Resource.Memory), isTaken ? sent - MessageAssembler.FirstPiece : 0, Bound);
            }

            Assert.Equal(!isTaken, assembler.IsOverBound);
            if (isTaken)
            {
                Assert.True(assembler.IsComplete);
                byte[] tail = new byte[Math.Min(end * 1000, total)];
                assembler.CopyEnd(tail);
                Assert.Equal(message[(total - tail.Length)..], tail);
                Assert.True(assembler.Join().SequenceEqual(message));
            }
            else
            {
                Assert.True(total > Bound / 2, $"{total} bytes are refused");
            }

            assembler.GiveBack();
            assembler.Reset();
            assembler.Reset();
            Assert.Equal(0, account.Held(Resource.Memory));
        });
    }

    [Fact]
    public void Parts_are_charged_for_what_stands_for_them_too()
    {
        Account account = new(2, null, new KernelOptions { MaxLinkMemory = 100_000 });
        List<MessageAssembler> parts = [];
        while (true)
        {
            MessageAssembler part = new(overhead: 512);
            part.Start(0, account: account);
            if (part.IsOverBound)
            {
                break;
            }

            parts.Add(part);
        }

        Assert.Equal(100_000 / 512, parts.Count);
        parts.ForEach(p => p.GiveBack());
        Assert.Equal(0, account.Held(Resource.Memory));
    }

    [Fact]
    public void Credit_is_granted_as_bytes_are_taken_and_only_while_more_are_expected()
    {
        MessageAssembler assembler = new();
        const int Total = 200_000;
        assembler.Start(Total);
        int received = 0;
        while (received < Total)
        {
            int piece = Math.Min(1000, Math.Min(Total - received, _stream.Window));
            Assert.True(piece > 0, $"the sender may send no more after {received} bytes");
            bool end = received + piece == Total;
            _stream.ReceiveData(new byte[piece], end);
            Assert.True(assembler.Append(_stream, new byte[piece]));
            received += piece;
        }

        Assert.True(assembler.IsComplete);
        Assert.True(_link.Sender.ControlBytes > 0);
        Assert.True(_link.Sender.ControlBytes < 40 * (FrameHeader.Size + 4), "grants are saved up");
    }
}
