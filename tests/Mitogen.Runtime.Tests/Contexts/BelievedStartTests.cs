using System.Buffers.Binary;
using System.Text;
using Mitogen.Calls;
using Mitogen.Contexts;
using Mitogen.Framing;
using Mitogen.Routing;
using Mitogen.Runtime.Tests.Kit;

namespace Mitogen.Runtime.Tests.Contexts;

/// <summary>A context that is to start another one answers with its number; only a number of a context that it started is believed.</summary>
public sealed class BelievedStartTests
{
    private const uint Sibling = 3;
    private const uint BelowSibling = 100;
    private const uint Below = 200;
    private const uint BelowThat = 201;

    [Theory]
    [InlineData(IdLeases.Root)] // whoever asks: its own services would be called
    [InlineData(IdLeases.Root + 1)] // whoever is asked
    [InlineData(Sibling)]
    [InlineData(BelowSibling)]
    [InlineData(BelowThat)] // what another one started
    public async Task Any_other_is_refused_and_costs_the_link(uint id)
    {
        using AttackedNode root = Tree();

        BootstrapException error = await Assert.ThrowsAsync<BootstrapException>(() => StartAsync(root, id));

        Assert.Contains($"number {id}", error.Message, StringComparison.Ordinal);
        await Eventually.UntilAsync(() => root.Link.Violation is not null);
    }

    [Fact]
    public async Task One_that_it_started_is_believed_once()
    {
        using AttackedNode root = Tree();

        Assert.Equal(Below, (await StartAsync(root, Below)).Id);
        await Assert.ThrowsAsync<BootstrapException>(() => StartAsync(root, Below));
    }

    [Fact]
    public async Task One_that_is_not_there_is_gone()
    {
        using AttackedNode root = Tree();

        ContextHandle handle = await StartAsync(root, 4711);

        Assert.Contains("gone as soon as it was up", handle.DisconnectReason?.Message, StringComparison.Ordinal);
        Assert.Null(root.Link.Violation);
    }

    private static AttackedNode Tree()
    {
        AttackedNode root = new(LinkRole.Child);
        Link sibling = root.AddBeside(Sibling, "root/sibling");
        using (HubLock locked = root.Node.Hub.Enter())
        {
            sibling.Leased.Add(new IdBlock(BelowSibling, 1));
            root.Link.Leased.Add(new IdBlock(Below, 2));
            _ = locked.Kernel.Receive(sibling, Route(BelowSibling, Sibling));
            _ = locked.Kernel.Receive(root.Link, Route(Below, root.Attacker));
            _ = locked.Kernel.Receive(root.Link, Route(BelowThat, Below));
        }

        return root;
    }

    private static byte[] Route(uint id, uint parent)
    {
        byte[] body = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(body, id);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(4), parent);
        return Frames.Control(FrameKind.RouteAdded, body);
    }

    /// <summary>Has the attacker start a context, which it answers with a number.</summary>
    private static async Task<ContextHandle> StartAsync(AttackedNode root, uint id)
    {
        ContextHandle parent = root.Handle();
        LocalConnection connection = new();
        ContextHandle child = root.Node.Prepare(parent, connection);
        Task starting = root.Node.StartAsync(parent, child, connection, TestContext.Current.CancellationToken);
        FrameHeader open = root.Next(h => h.Kind == FrameKind.Open);
        byte[] answer = Answer(id);
        root.Feed(FrameKind.Data, FrameFlags.FromAcceptor | FrameFlags.End, open.Stream, answer);
        await starting.InTimeAsync();
        return child;
    }

    /// <summary>A StartedContext as the protocol writes it, behind its header.</summary>
    private static byte[] Answer(uint id)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write(new byte[AnswerHeader.Size]);
        writer.Write((byte)3);
        writer.Write(id);
        WriteText("db");
        writer.Write((byte)6);
        WriteText("host");
        WriteText("user");
        writer.Write(77);
        WriteText("os");
        WriteText("X64");
        WriteText(".NET");
        writer.Flush();
        byte[] answer = bytes.ToArray();
        new AnswerHeader(AnswerKind.Result, 0, (uint)(answer.Length - AnswerHeader.Size)).Write(answer);
        return answer;

        void WriteText(string text)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            writer.Write(~utf8.Length);
            writer.Write(text.Length);
            writer.Write(utf8);
        }
    }
}
